// A real IOPaint with its OpenCV model, which needs no weights: started where it is installed (`iopaint` on PATH, or
// SPLATMEND_IOPAINT names it; 3 GB with PyTorch, so CI does not install it). Accepts: a shaded wall with a hole filled to its
// truth (cv2 continues a shading smoothly: mean error 0.03), all else bit for bit. Recorded: passes with iopaint 1.6.0, Python 3.11, 2026-11-29 (docs/providers.md).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createServerInpainter } from '../../workers/inpainters/servers/server-inpainter.ts';
import { holedPicture } from './support/providers.ts';
import { findProgram, type RealServer, startProgram } from './support/real-server.ts';

const program = findProgram('SPLATMEND_IOPAINT', 'iopaint');
if (program === undefined) {
  console.log('IOPaint: skipped, it is not installed (pip install iopaint; SPLATMEND_IOPAINT)');
}

describe.skipIf(program === undefined)('IOPaint itself', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startProgram(
      program!,
      (port) => ['start', '--model=cv2', '--device=cpu', '--host=127.0.0.1', `--port=${port}`],
      '/api/v1/model',
    );
  });
  afterAll(() => server?.stop());

  test('fills a hole as it continues', async () => {
    const { image, mask } = holedPicture();
    const holed = { ...image, data: image.data.slice() };
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] !== 0) holed.data.fill(0, 3 * i, 3 * i + 3);
    }
    const spec = { kind: 'iopaint' as const, address: server.address };
    const fractions: number[] = [];
    const result = await createServerInpainter(spec).inpaint(
      holed,
      mask,
      { seed: 7, prompt: 'a wall', strength: 0.5 },
      undefined,
      (p) => fractions.push(p.fraction),
    );
    let error = 0;
    let count = 0;
    for (let i = 0; i < mask.data.length; i++) {
      for (let c = 0; c < 3; c++) {
        const off = Math.abs(result.data[3 * i + c]! - image.data[3 * i + c]!);
        if (mask.data[i] === 0) {
          if (!Object.is(result.data[3 * i + c], holed.data[3 * i + c])) expect.fail(`pixel ${i}`);
        } else {
          error += off;
          count++;
        }
      }
    }
    expect(error / count).toBeLessThan(0.03);
    expect(fractions.at(-1)).toBe(1);
  });

  test('another program’s address is named as such', async () => {
    const { image, mask } = holedPicture(64, 64);
    mask.data.fill(1, 1000, 1010);
    const spec = { kind: 'a1111' as const, address: server.address };
    const failure = await createServerInpainter(spec)
      .inpaint(image, mask)
      .catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(SplatmendError);
    expect((failure as SplatmendError).code).toBe('server-refused');
    expect((failure as SplatmendError).message).toContain('has no /sdapi/v1/img2img');
  });
});
