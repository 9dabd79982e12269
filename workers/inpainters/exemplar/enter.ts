/** First colours of the coarsest level: the hole is entered from its rim, one layer of pixels after the other. */
import { HOLE } from '../harmonic.ts';
import type { Level } from './level.ts';
import type { Matcher } from './matcher.ts';
import { vote } from './vote.ts';

/** At most this many sources are compared with each patch. */
const MOST_SOURCES = 800;

/** Colours every hole pixel and matches every patch that touches the hole. `pause` lets a cancel in. */
export async function enterHole(
  level: Level,
  matcher: Matcher,
  random: () => number,
  pause: () => Promise<void>,
): Promise<void> {
  const { distance, holePixels, targets, sources, state } = level;
  const use = new Uint8Array(state.length);
  for (let i = 0; i < use.length; i++) use[i] = state[i] === HOLE ? 0 : 1;
  const stride = Math.max(1, Math.ceil(sources.length / MOST_SOURCES));
  const search = (t: number) => {
    for (let k = stride > 1 ? (random() * stride) | 0 : 0; k < sources.length; k += stride)
      matcher.offer(t, sources[k]!);
  };
  const byLayer = new Map<number, number[]>();
  for (const p of holePixels) {
    const layer = byLayer.get(distance[p]!);
    if (layer) layer.push(p);
    else byLayer.set(distance[p]!, [p]);
  }
  matcher.use = use;
  for (const layer of [...byLayer.keys()].sort((a, b) => a - b)) {
    const pixels = Int32Array.from(byLayer.get(layer)!);
    matcher.refresh(pixels);
    for (const p of pixels) {
      search(p);
      await pause();
    }
    vote(level, matcher, pixels, level.data, 0);
    for (const p of pixels) use[p] = 1;
  }
  matcher.use = null;
  matcher.refresh(targets);
  for (const t of targets) {
    if (state[t] !== HOLE) search(t);
    await pause();
  }
}
