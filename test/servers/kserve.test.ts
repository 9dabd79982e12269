// A real KServe model server (Python) with two models of our own (support/kserve_models.py), started where SPLATMEND_KSERVE_PYTHON
// names a Python that has `kserve`. Accepts: the hole in the mean colour around it, binary tensors both ways; a depth prior
// that rises by rows as the model's does. Recorded: passes with kserve 0.21.0, Python 3.11, 2026-11-29 (docs/providers.md).
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDepthServer } from '../../workers/inpainters/servers/oip-depth.ts';
import { createServerInpainter } from '../../workers/inpainters/servers/server-inpainter.ts';
import { holedPicture } from './support/providers.ts';
import { findProgram, type RealServer, startProgram } from './support/real-server.ts';

const python = findProgram('SPLATMEND_KSERVE_PYTHON');
if (python === undefined) {
  console.log('KServe: skipped, SPLATMEND_KSERVE_PYTHON names no Python (pip install kserve)');
}

describe.skipIf(python === undefined)('KServe itself', () => {
  let server: RealServer;
  beforeAll(async () => {
    const script = join(import.meta.dirname, 'support', 'kserve_models.py');
    server = await startProgram(python!, (port) => [script, String(port)], '/v2/health/ready');
  });
  afterAll(() => server?.stop());

  test('fills a hole with the mean colour around it', async () => {
    const { image, mask } = holedPicture();
    const spec = { kind: 'oip' as const, address: server.address, model: 'filler' };
    const result = await createServerInpainter(spec).inpaint(image, mask);
    const middle = 3 * (125 * image.width + 180);
    // The shading's mean in the window is near its middle's value; red rises by 0.3 over the picture.
    for (let c = 0; c < 3; c++) {
      expect(Math.abs(result.data[middle + c]! - image.data[middle + c]!)).toBeLessThan(0.1);
    }
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] === 0 && result.data[3 * i] !== image.data[3 * i]) expect.fail(`pixel ${i}`);
    }
  });

  test('guesses depth', async () => {
    const { image } = holedPicture(200, 150);
    const prior = createDepthServer({ address: server.address, model: 'depth' });
    const guess = await prior.estimate(image);
    expect([guess.width, guess.height]).toEqual([200, 150]);
    const row = (y: number) => guess.data[y * 200 + 100]!;
    expect(row(149) - row(75)).toBeGreaterThan(0.4 * (row(149) - row(0)));
    expect(row(75) - row(0)).toBeGreaterThan(0.4 * (row(149) - row(0)));
    expect(row(149)).toBeGreaterThan(row(0));
  });

  test('a model that is not there is named', async () => {
    const { image, mask } = holedPicture();
    const spec = { kind: 'oip' as const, address: server.address, model: 'nobody' };
    await expect(createServerInpainter(spec).inpaint(image, mask)).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining('/v2/models/nobody'),
    });
  });
});
