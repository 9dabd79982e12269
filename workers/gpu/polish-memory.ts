import { SUMS } from '../../core/cpu/polish/blend.ts';
import { lensOf } from '../../core/cpu/polish/lens.ts';
import {
  PLACE_FLOATS,
  type PolishPlan,
  TILE_PIXELS,
  TILE_WORDS,
} from '../../core/cpu/polish/plan.ts';
import type { PolishState } from '../../core/cpu/polish/state.ts';
import { RECORD_FLOATS } from '../../core/cpu/render/records.ts';
import type { BufferSet } from './buffer-set.ts';
import { fits } from './device.ts';

/** The word of `Place` that is the splat's row. */
const PLACE_ROW = 10;
const NO_SLOT = 0xffffffff;
/** Stands for no bound: shaders need not know infinity. */
const FAR = 3e38;

/** A new splat in a tile is a slot: there its pixels' shares are gathered, without atomics. */
export interface PolishSlots {
  count: number;
  /** Record and slot an entry; NO_SLOT for frozen ones. */
  entries: Uint32Array<ArrayBuffer>;
  /** Record and tile a slot. */
  slots: Uint32Array<ArrayBuffer>;
  /** Record k's slots are slotsOf[slotStarts[k]] up to slotsOf[slotStarts[k + 1]]. */
  slotStarts: Uint32Array<ArrayBuffer>;
  slotsOf: Uint32Array<ArrayBuffer>;
}

export function findSlots({ tiles, entries, newCount }: PolishPlan): PolishSlots {
  const slotStarts = new Uint32Array(newCount + 1);
  let count = 0;
  for (const record of entries) {
    if (record >= newCount) continue;
    slotStarts[record + 1]!++;
    count++;
  }
  for (let k = 0; k < newCount; k++) slotStarts[k + 1]! += slotStarts[k]!;
  const next = slotStarts.slice();
  const slots = new Uint32Array(count * 2);
  const slotsOf = new Uint32Array(count);
  const pairs = new Uint32Array(entries.length * 2);
  let slot = 0;
  for (let t = 0; t < tiles.length / TILE_WORDS; t++) {
    for (let e = tiles[t * TILE_WORDS + 2]!; e < tiles[t * TILE_WORDS + 3]!; e++) {
      const record = entries[e]!;
      pairs[e * 2] = record;
      pairs[e * 2 + 1] = record < newCount ? slot : NO_SLOT;
      if (record >= newCount) continue;
      slots.set([record, t], slot * 2);
      slotsOf[next[record]!++] = slot++;
    }
  }
  return { count, entries: pairs, slots, slotStarts, slotsOf };
}

/** One view's buffers, good as long as its plan. */
export interface PlanMemory {
  newCount: number;
  tileCount: number;
  slotCount: number;
  lens: GPUBuffer;
  places: GPUBuffer;
  records: GPUBuffer;
  tiles: GPUBuffer;
  entries: GPUBuffer;
  wanted: GPUBuffer;
  slots: GPUBuffer;
  slotStarts: GPUBuffer;
  slotsOf: GPUBuffer;
  params: GPUBuffer;
}

export function uploadPlan(
  device: GPUDevice,
  buffers: BufferSet,
  plan: PolishPlan,
  found: PolishSlots,
  depthWeight: number,
): PlanMemory {
  const tileCount = plan.tiles.length / TILE_WORDS;
  fits(device.limits, 'polish', [
    { name: `${plan.records.length / RECORD_FLOATS} splats`, bytes: plan.records.length * 4 },
    { name: `${plan.entries.length} entries`, bytes: found.entries.byteLength },
    { name: `${tileCount} tiles of wanted pixels`, bytes: plan.wanted.length * 4 },
  ]);
  return {
    newCount: plan.newCount,
    tileCount,
    slotCount: found.count,
    lens: buffers.filled('lens', lensWords(plan)),
    places: buffers.filled('places', placeWords(plan)),
    records: buffers.filled('records', Float32Array.from(plan.records)),
    tiles: buffers.filled('tiles', Uint32Array.from(plan.tiles)),
    entries: buffers.filled('entries', found.entries),
    wanted: buffers.filled('wanted', Float32Array.from(plan.wanted)),
    slots: buffers.filled('slots', found.slots),
    slotStarts: buffers.filled('slot starts', found.slotStarts),
    slotsOf: buffers.filled('slots of', found.slotsOf),
    params: buffers.uniform('params', [tileCount, found.count], [depthWeight]),
  };
}

/** `Lens` of shaders/polish-pose.wgsl. */
function lensWords({ view, newCount }: PolishPlan): Float32Array<ArrayBuffer> {
  const { fx, fy, cx, cy, minTx, maxTx, minTy, maxTy, turn } = lensOf(view.camera);
  const words = new Float32Array(24);
  words.set([fx, fy, cx, cy, minTx, maxTx, minTy, maxTy]);
  for (let c = 0; c < 3; c++) words.set(turn.subarray(c * 3, c * 3 + 3), 8 + c * 4);
  new Uint32Array(words.buffer)[20] = newCount;
  return words;
}

/** `Place` of shaders/polish-pose.wgsl. */
function placeWords({ places, rows }: PolishPlan): Float32Array<ArrayBuffer> {
  const words = Float32Array.from(places);
  const integers = new Uint32Array(words.buffer);
  rows.forEach((row, k) => {
    integers[k * PLACE_FLOATS + PLACE_ROW] = row;
  });
  return words;
}

/** What all views share: the state, and room for what the largest of them leaves between two kernels. */
export interface StateMemory {
  values: GPUBuffer;
  lower: GPUBuffer;
  upper: GPUBuffer;
  mean: GPUBuffer;
  square: GPUBuffer;
  gradient: GPUBuffer;
  rates: GPUBuffer;
  shares: GPUBuffer;
  slopes: GPUBuffer;
  sums: GPUBuffer;
}

export function uploadState(
  device: GPUDevice,
  buffers: BufferSet,
  state: PolishState,
  mostSlots: number,
  mostTiles: number,
): StateMemory {
  const bytes = {
    shares: mostSlots * TILE_PIXELS * 8,
    slopes: mostTiles * TILE_PIXELS * 16,
    sums: mostSlots * SUMS * 4,
  };
  fits(device.limits, 'polish', [
    { name: `${mostSlots} splats in tiles`, bytes: bytes.shares },
    { name: `${mostTiles} tiles`, bytes: bytes.slopes },
    { name: `${state.count} new splats`, bytes: state.values.length * 4 },
  ]);
  const words = (data: Float64Array) =>
    Float32Array.from(data, (v) => Math.max(-FAR, Math.min(FAR, v)));
  return {
    values: buffers.filled('values', words(state.values)),
    lower: buffers.filled('lower', words(state.lower)),
    upper: buffers.filled('upper', words(state.upper)),
    mean: buffers.filled('mean', words(state.mean)),
    square: buffers.filled('square', words(state.square)),
    gradient: buffers.storage('gradient', state.values.length * 4),
    rates: buffers.storage('rates', 48),
    shares: buffers.storage('shares', bytes.shares),
    slopes: buffers.storage('slopes', bytes.slopes),
    sums: buffers.storage('sums', bytes.sums),
  };
}
