/** Reads folders of registered RGB-D frames in the form of frames.json (see docs/conventions.md, bench). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';

export interface Frame {
  id: string;
  width: number;
  height: number;
  /** Interleaved, 0..1. */
  rgb: Float32Array;
  /** Metres along z; 0 = unknown. */
  depth: Float32Array;
  /** Row-major 4 × 4, OpenCV axes. */
  cameraToWorld: number[][];
}

export interface FrameSet {
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  ids: string[];
  /** Pairs of ids for the scene-consistency benchmark: from the first to the second. */
  scePairs: [string, string][];
  /** @throws Error where a picture of it is missing or of another size: a figure must not leave frames out in silence. */
  read(id: string): Promise<Frame>;
}

interface FramesJson {
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  cameraToWorld: Record<string, number[][]>;
  scePairs?: [string, string][];
}

async function readColour(
  base: string,
): Promise<{ width: number; height: number; rgb: Float32Array }> {
  const png = await readFile(`${base}.color.png`).catch(() => undefined);
  const { width, height, data, channels } = png
    ? decodePng(png)
    : { ...jpeg.decode(await readFile(`${base}.color.jpg`), { useTArray: true }), channels: 4 };
  const rgb = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = data[channels * i + c]! / 255;
  }
  return { width, height, rgb };
}

/** @param half half the size: colour averaged over 2 × 2, depth every second pixel (its mean would invent values at edges) */
export async function openFrames(folder: string, half = false): Promise<FrameSet> {
  const json: FramesJson = JSON.parse(await readFile(join(folder, 'frames.json'), 'utf8'));
  const k = half ? 0.5 : 1;
  const [width, height] = [json.width * k, json.height * k];
  async function read(id: string): Promise<Frame> {
    const cameraToWorld = json.cameraToWorld[id];
    if (!cameraToWorld) throw new Error(`frames: ${id} has no pose in ${folder}/frames.json`);
    const base = join(folder, id);
    const colour = await readColour(base);
    const depth = decodePng(await readFile(`${base}.depth.png`));
    for (const image of [colour, depth]) {
      if (image.width !== json.width || image.height !== json.height) {
        throw new Error(
          `frames: ${id} is ${image.width} × ${image.height}, not as frames.json says`,
        );
      }
    }
    const full: Frame = {
      id,
      width: json.width,
      height: json.height,
      rgb: colour.rgb,
      depth: Float32Array.from(depth.data, (mm) => mm / 1000),
      cameraToWorld,
    };
    return half ? halved(full) : full;
  }
  return {
    width,
    height,
    fx: json.fx * k,
    fy: json.fy * k,
    cx: json.cx * k,
    cy: json.cy * k,
    ids: Object.keys(json.cameraToWorld).sort(),
    scePairs: json.scePairs ?? [],
    read,
  };
}

function halved(frame: Frame): Frame {
  const [width, height] = [frame.width >> 1, frame.height >> 1];
  const rgb = new Float32Array(width * height * 3);
  const depth = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const from = 2 * y * frame.width + 2 * x;
      depth[i] = frame.depth[from]!;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const at of [from, from + 1, from + frame.width, from + frame.width + 1]) {
          sum += frame.rgb[3 * at + c]!;
        }
        rgb[3 * i + c] = sum / 4;
      }
    }
  }
  return { ...frame, width, height, rgb, depth };
}
