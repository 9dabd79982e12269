import type { MenderTask } from '../mender-types.ts';

/** What runs, as people call it. */
export const TASK_NAMES: Record<MenderTask, string> = {
  open: 'Reading the file',
  photo: 'Making a scene of the photo',
  select: 'Selecting',
  look: 'Looking at the view',
  remove: 'Removing and mending',
  insert: 'Inserting',
  extend: 'Extending',
  edit: 'Changing the scene',
  export: 'Writing the file',
};
