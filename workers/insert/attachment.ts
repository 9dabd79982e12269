/** How a change hangs together with the scene, where nobody said. */
import type { Attachment } from '../../core/insert-types.ts';
import type { Ground } from './ground.ts';

/** A thing that covers at least this share of something else than what its foot lies on rises above it. */
const RISES = 0.1;
/** A relief stands out by at least this share of its width. */
const STANDS_OUT = 0.04;

/**
 * `standing` where the lower end lies on a surface that faces up and a tenth or more of the change covers something else: a picture lying on
 * that surface would not reach beyond it. Else `relief` where a prior depth says that it stands out, else `surface`.
 * @param body whether its outline is that of a solid that stands there: asked where the rest does not say
 * @param relief how far it stands out, of its width; undefined without a prior
 */
export async function chooseAttachment(
  ground: Ground,
  body: () => Promise<boolean>,
  relief: number | undefined,
): Promise<{ attach: Attachment; note: string }> {
  if (ground.support !== undefined && ground.beyond >= RISES) {
    return {
      attach: 'standing',
      note: 'Its lower end lies on a surface that faces up, and it reaches beyond that: taken for something that stands there.',
    };
  }
  if (await body()) {
    return {
      attach: 'standing',
      note: 'Its outline is that of a body that stands there: taken for one. If it lies flat, choose surface.',
    };
  }
  if (relief !== undefined && relief >= STANDS_OUT) {
    return {
      attach: 'relief',
      note: 'The depth model sees it stand out: raised from the surface.',
    };
  }
  return {
    attach: 'surface',
    note:
      ground.support === undefined
        ? 'Its lower end lies on nothing that faces up: taken for something on the surface behind it.'
        : 'All of it lies within the surface under its lower end: taken for something flat on it. If it stands there, choose standing.',
  };
}
