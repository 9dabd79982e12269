/** `splatmend info`: what a file holds. */
import { basename } from 'node:path';
import { readSplats, type SceneReport, type SplatFormat } from '../core/formats/index.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { readBytes } from './files.ts';

export interface InfoJson {
  ok: true;
  path: string;
  bytes: number;
  format: SplatFormat;
  /** Names of the properties beyond the Gaussians' own. */
  extras: string[];
  /** Of the finite centres; null when there is none. */
  bounds: { min: number[]; max: number[]; middle: number[] } | null;
  report: SceneReport;
}

/** Corners and medians of the finite centres, scene units. */
export function boundsOf(cloud: SplatCloud): InfoJson['bounds'] {
  const axes = [0, 1, 2].map((k) =>
    Float32Array.from({ length: cloud.count }, (_, i) => cloud.positions[i * 3 + k]!)
      .filter(Number.isFinite)
      .sort(),
  );
  if (axes.some((a) => a.length === 0)) return null;
  return {
    min: axes.map((a) => a[0]!),
    max: axes.map((a) => a[a.length - 1]!),
    middle: axes.map((a) => a[a.length >> 1]!),
  };
}

/** @throws SplatmendError as readSplats does */
export async function infoCommand(path: string, signal: AbortSignal): Promise<InfoJson> {
  const bytes = await readBytes(path);
  const { cloud, format, report } = await readSplats(bytes, basename(path), signal);
  return {
    ok: true,
    path,
    bytes: bytes.length,
    format,
    extras: cloud.extras.map((e) => e.name),
    bounds: boundsOf(cloud),
    report,
  };
}

const row = (name: string, value: string | number) => `${name.padEnd(16)}${value}`;
const vector = (v: number[]) => v.map((x) => Number(x.toPrecision(6))).join(', ');

export function infoText(info: InfoJson): string {
  const { report, bounds } = info;
  return [
    row('File', info.path),
    row('Format', `${info.format}, ${info.bytes} bytes`),
    row('Splats', report.count),
    row('SH degree', report.shDegree),
    row('From', bounds === null ? 'no finite centre' : vector(bounds.min)),
    row('To', bounds === null ? 'no finite centre' : vector(bounds.max)),
    row('Middle', bounds === null ? 'no finite centre' : vector(bounds.middle)),
    row('Extra', info.extras.length === 0 ? 'none' : info.extras.join(', ')),
    row('Not finite', report.nonFinite),
    row('Oversized', report.oversized),
    row('Zero rotation', report.zeroRotations),
    ...report.notes.map((note) => row('Note', note)),
  ].join('\n');
}
