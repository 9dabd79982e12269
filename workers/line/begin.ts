import type { Camera, Vec3 } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { measureObject, type ObjectShape } from '../../core/object-shape.ts';
import { REMOVE_DEFAULTS, type RemoveOptions } from '../../core/remove-types.ts';
import { countSelected, type Selection, selectedRows } from '../../core/selection.ts';
import {
  createSplatCloud,
  type ExtraData,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { measureSurroundings, type Surroundings } from '../../core/surroundings.ts';
import { frameObject } from '../steps/choose-cameras.ts';
import { hiddenFrom } from './judge.ts';
import type { Look } from './look.ts';
import type { DrawnOutlines } from './past-outlines.ts';
import { createWorkingScene, type WorkingScene } from './render-view.ts';
import { StepClock } from './step-clock.ts';

/** A removal's state: what is measured once, and what its views add to. */
export interface Removal {
  settings: Required<RemoveOptions>;
  /** Rows of the selected splats, ascending. */
  removedRows: Uint32Array;
  shape: ObjectShape;
  surroundings: Surroundings;
  working: WorkingScene;
  clock: StepClock;
  /** What the given cameras see: they say what the object hid. */
  givenLooks: Look[];
  /** The outlines that the views filled so far have drawn. */
  drawn: DrawnOutlines[];
  /** Whether the object hid a world point from every given camera; undefined where none can tell. */
  hidden: (point: Vec3) => boolean | undefined;
  /** The camera that a view is filled through: framed on the object, as large as its splats are worth. */
  fillCamera(camera: Camera): Camera | undefined;
}

/**
 * Checks what is asked and measures the object and what is around it.
 * @throws SplatmendError `bad-selection`, `empty-selection`, `everything-selected`, `bad-option`
 */
export function begin(scene: SplatCloud, selection: Selection, options: RemoveOptions): Removal {
  const settings = { ...REMOVE_DEFAULTS, ...options };
  checkSelection(scene, selection);
  checkPainted(settings.painted);
  const removedRows = selectedRows(selection);
  const shape = measureObject(takeSplats(scene, removedRows));
  const surroundings = measureSurroundings(scene, selection, shape);
  const size = fillSize(shape, surroundings, settings.resolution);
  const removal: Removal = {
    settings,
    removedRows,
    shape,
    surroundings,
    working: createWorkingScene(scene, selection, emptyLike(scene), shape),
    clock: new StepClock(),
    givenLooks: [],
    drawn: [],
    hidden: (point) => hiddenFrom(removal.givenLooks, point, shape),
    fillCamera: (camera) => frameObject(camera, shape, size),
  };
  return removal;
}

export const cameraSeesNothing = () =>
  new SplatmendError(
    'camera-sees-nothing',
    'remove: no camera sees the selected splats; move the camera so that they are in the picture',
  );

function fillSize(shape: ObjectShape, surroundings: Surroundings, resolution: number): number {
  const wanted = (4.2 * shape.radius * 3) / surroundings.spacing;
  return Math.round(Math.min(resolution, Math.max(160, wanted)));
}

function checkPainted(painted: RemoveOptions['painted']): void {
  if (painted === null || painted === undefined) return;
  const { camera, mask } = painted;
  if (mask.width !== camera.width || mask.height !== camera.height) {
    throw new SplatmendError(
      'bad-option',
      `remove: the painted mask is ${mask.width} × ${mask.height}, its camera ${camera.width} × ${camera.height}; paint over that camera's picture`,
    );
  }
}

/** @throws SplatmendError `bad-selection`, `empty-selection`, `everything-selected` */
export function checkSelection(scene: SplatCloud, selection: Selection): void {
  if (selection.length !== scene.count) {
    throw new SplatmendError(
      'bad-selection',
      `remove: the selection is for ${selection.length} splats, the scene has ${scene.count}`,
    );
  }
  const n = countSelected(selection);
  if (n === 0)
    throw new SplatmendError('empty-selection', 'remove: 0 splats selected; select some first');
  if (n === scene.count) {
    throw new SplatmendError(
      'everything-selected',
      'remove: all splats are selected; nothing would be left to mend from',
    );
  }
}

function emptyLike(scene: SplatCloud): SplatCloud {
  return createSplatCloud(
    0,
    scene.shDegree,
    scene.extras.map((e) => ({
      name: e.name,
      data: new (e.data.constructor as new (n: number) => ExtraData)(0),
    })),
  );
}
