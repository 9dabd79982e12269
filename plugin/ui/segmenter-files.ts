import { SplatmendError } from '../../core/errors.ts';
import type { SamSegmenter } from '../models/sam.ts';
import { byteSize } from './figures.ts';

/**
 * The segmenter of two picked files. Which is the decoder its name says; else it is the smaller one, as of every SAM.
 * @throws SplatmendError `bad-option` unless two files are given, or as `SamSegmenter.open`
 */
export async function openSegmenter(files: readonly File[]): Promise<SamSegmenter> {
  const [first, second, ...others] = files;
  if (!first || !second || others.length > 0) {
    throw new SplatmendError(
      'bad-option',
      `segmenter: ${files.length} ${files.length === 1 ? 'file' : 'files'} chosen; choose two at once, an encoder and a decoder (.onnx)`,
    );
  }
  const says = (file: File) => /decoder/i.test(file.name);
  const swap = says(first) === says(second) ? first.size < second.size : says(first);
  const [encoder, decoder] = swap ? [second, first] : [first, second];
  // The runtime is tens of megabytes, and this page may never want it.
  const { createSamSegmenter } = await import('../models/sam.ts');
  const segmenter = createSamSegmenter({ encoder, decoder });
  try {
    await segmenter.open();
    return segmenter;
  } catch (error) {
    segmenter.dispose();
    throw error;
  }
}

/** What was loaded, to compare with what the models' maker publishes. */
export function segmenterNote({ info, id }: SamSegmenter): string {
  const facts = [info?.encoder, info?.decoder]
    .filter((f) => f !== undefined)
    .map(({ name, bytes, sha256 }) => {
      const hash = sha256 ? `, SHA-256 ${sha256.slice(0, 16)}…` : '';
      return `${name} (${byteSize(bytes)}${hash})`;
    });
  const where = info?.provider === 'webgpu' ? 'WebGPU' : 'WASM';
  return `Segment (M) asks ${id} on ${where}: ${facts.join(', ')}.`;
}
