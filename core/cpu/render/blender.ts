import { compositeTile } from './composite.ts';
import { COMPOSITE_WASM_BASE64 } from './composite-wasm.ts';
import { RECORD_FLOATS } from './records.ts';
import { TILE_FLOATS } from './tiles.ts';

/** Where a batch of splats is put to be blended, and what blends it. */
export interface Blender {
  /** Makes room; before the first use of what is below, which it replaces. */
  reserve(records: number, entries: number): void;
  /** RECORD_FLOATS a splat. */
  readonly records: Float32Array;
  /** Record numbers. */
  readonly entries: Uint32Array;
  /**
   * Blends the entries [from, end) over a tile, see `compositeTile`.
   * @param tiles all tiles' state; this one's begins at `offset`
   */
  blend(
    from: number,
    end: number,
    tiles: Float32Array,
    offset: number,
    x0: number,
    y0: number,
  ): number;
  /** Gives the memory back; the blender is not to be used any more. */
  release(): void;
}

/** What composite.wat exports. */
interface Exports {
  memory: WebAssembly.Memory;
  compositeTile(entry: number, end: number, records: number, x0: number, y0: number): number;
}

const PAGE = 65536;
const RECORDS_AT = TILE_FLOATS * 4;

let compiled: WebAssembly.Module | null | undefined;
/**
 * Instances that no picture uses. A module's memory takes gigabytes of address space and is freed late, so it is kept: one in
 * most programs, since pictures come one at a time.
 */
const idle: Exports[] = [];

/** The compiled module; null without WebAssembly SIMD, or where the page's policy forbids to compile. */
function compile(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(
      Uint8Array.from(atob(COMPOSITE_WASM_BASE64), (c) => c.charCodeAt(0)),
    );
  } catch {
    compiled = null;
  }
  return compiled;
}

/** Blends in plain TypeScript. */
export function createPlainBlender(): Blender {
  let records = new Float32Array(0);
  let entries = new Uint32Array(0);
  return {
    reserve(recordCount, entryCount) {
      records = new Float32Array(recordCount * RECORD_FLOATS);
      entries = new Uint32Array(entryCount);
    },
    get records() {
      return records;
    },
    get entries() {
      return entries;
    },
    blend: (from, end, tiles, offset, x0, y0) =>
      compositeTile(
        records,
        entries,
        from,
        end,
        tiles.subarray(offset, offset + TILE_FLOATS),
        x0,
        y0,
      ),
    release: () => undefined,
  };
}

function createWasmBlender(exports: Exports): Blender {
  const { memory } = exports;
  let tile = new Float32Array(0);
  let records = tile;
  let entries = new Uint32Array(0);
  let entriesAt = 0;
  return {
    reserve(recordCount, entryCount) {
      entriesAt = RECORDS_AT + recordCount * RECORD_FLOATS * 4;
      const missing = entriesAt + entryCount * 4 - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      tile = new Float32Array(memory.buffer, 0, TILE_FLOATS);
      records = new Float32Array(memory.buffer, RECORDS_AT, recordCount * RECORD_FLOATS);
      entries = new Uint32Array(memory.buffer, entriesAt, entryCount);
    },
    get records() {
      return records;
    },
    get entries() {
      return entries;
    },
    blend(from, end, tiles, offset, x0, y0) {
      const mine = tiles.subarray(offset, offset + TILE_FLOATS);
      tile.set(mine);
      const open = exports.compositeTile(
        entriesAt + from * 4,
        entriesAt + end * 4,
        RECORDS_AT,
        x0,
        y0,
      );
      mine.set(tile);
      return open;
    },
    release: () => {
      idle.push(exports);
    },
  };
}

/** A blender for one picture: WebAssembly where that runs (5 × faster), else plain TypeScript. */
export function leaseBlender(): Blender {
  const module = compile();
  if (module === null) return createPlainBlender();
  const exports = idle.pop() ?? (new WebAssembly.Instance(module).exports as unknown as Exports);
  return createWasmBlender(exports);
}
