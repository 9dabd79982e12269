/** What to do about a file that cannot be read: the end of a message that says why. */

/** It is broken. */
export const SAVE_AGAIN = 'copy or save it again';
/** It is something else than its name says, or broken from its first byte. */
export const NAME_OR_SAVE = 'give it the ending of what it is, or save it again';
