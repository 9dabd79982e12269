/** How a scene is looked at, as it is kept beside its session and found again after a reload. */
import type { Lens, Vec3 } from '../../core/camera.ts';
import type { SessionStore } from '../../plugin/storage/session-store.ts';
import type { OrbitView } from './orbit.ts';
import type { Viewer } from './viewer.ts';

export interface KeptView {
  /** Which way is up in the cloud's frame. */
  up: Vec3;
  orbit: OrbitView;
  /** Size of what was looked at; near and far planes follow it. */
  radius: number;
  /** What has to fit the picture; absent: the viewer's own angle. */
  lens?: Lens;
}

/** The view counts as still after this. */
const STILL_MS = 400;

/** A view that was kept, perhaps by another version of the page; undefined where it is none. */
export function readKeptView(value: unknown): KeptView | undefined {
  const { up, orbit, radius, lens } = (value ?? {}) as Partial<KeptView>;
  const { target, distance, azimuth, elevation } = (orbit ?? {}) as Partial<OrbitView>;
  if (!isVec3(up) || !isVec3(target) || up.every((x) => x === 0)) return undefined;
  if (!isNumber(azimuth) || !isNumber(elevation)) return undefined;
  if (!isNumber(distance) || distance <= 0 || !isNumber(radius) || radius <= 0) return undefined;
  const { tanX, tanY } = (lens ?? {}) as Partial<Lens>;
  const fits = isNumber(tanX) && isNumber(tanY) && tanX > 0 && tanY > 0;
  const seen = { target: [...target] as OrbitView['target'], distance, azimuth, elevation };
  return { up, orbit: seen, radius, ...(fits && { lens: { tanX, tanY } }) };
}

const isNumber = (x: unknown): x is number => Number.isFinite(x);
const isVec3 = (x: unknown): x is Vec3 => Array.isArray(x) && x.length === 3 && x.every(isNumber);

/** Keeps each view that the user comes to rest at, and the last one of the page. */
export function keepViews(viewer: Viewer, session: SessionStore): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => session.keepView(viewer.view);
  viewer.host.onViewChange(() => {
    clearTimeout(timer);
    timer = setTimeout(keep, STILL_MS);
  });
  addEventListener('pagehide', keep);
}
