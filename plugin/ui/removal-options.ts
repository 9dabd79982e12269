import type { RemoveOptions } from '../../core/remove-types.ts';
import type { CommandTarget } from './command-target.ts';
import { shadowLifted } from './lift-shadow.ts';

/** What a removal is given: the page's options, and what the user has switched on. */
export const removalOptions = (target: CommandTarget): RemoveOptions => ({
  ...target.removeOptions,
  ...(shadowLifted.wanted && { liftShadow: true }),
});
