import type { RemoveFigures } from '../core/remove-types.ts';
import type { CameraSource } from './camera-input.ts';
import type { SceneInputJson, SceneOutputJson } from './scene-files.ts';

export interface BackendJson {
  kind: 'webgpu' | 'cpu';
  /** The adapter's name, or `CPU (1 thread)`. */
  description: string;
  /** Why this one, a plain sentence. */
  reason: string;
}

/** What `remove --json` prints; docs/cli.md shows it. Paths as given; seconds of wall time. */
export interface RemoveJson {
  ok: true;
  input: SceneInputJson;
  output: SceneOutputJson;
  cameras: { source: CameraSource; count: number };
  backend: BackendJson;
  options: { views: number; seed: number; polish: number; liftShadow: boolean };
  /** Who filled: `id`, and of a model its provider and file, with bytes and SHA-256. */
  inpainter: Record<string, unknown>;
  /** The same of the depth model, where one was given. */
  priorDepth?: Record<string, unknown>;
  figures: RemoveFigures;
  /** The report's page, when one was asked for. */
  report: string | null;
  /** Every file written, the scene first. */
  files: string[];
  seconds: { read: number; remove: number; report: number; write: number };
  versions: Record<string, string>;
}

/** What `remove --save-reference --json` prints. */
export interface ReferenceJson {
  ok: true;
  reference: { path: string; width: number; height: number; holePixels: number };
  files: string[];
}
