/** Every kind of server, started with what it needs: the rows of the table that tests go through. */
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../../core/image.ts';
import type { ServerKind, ServerSpec } from '../../../core/server-spec.ts';
import { startA1111 } from './fake-a1111.ts';
import { comfyuiWorkflow, startComfyui } from './fake-comfyui.ts';
import { startIopaint } from './fake-iopaint.ts';
import { OIP_SHAPES, startOip } from './fake-oip.ts';
import { startOpenai } from './fake-openai.ts';
import type { FakeServer } from './fake-server.ts';

export interface Row {
  kind: ServerKind;
  server: FakeServer;
  spec: ServerSpec;
  /** Makes its job last this long, where its picture route does not hang by itself. */
  slow?: (steps: number, stepMs: number) => void;
  /** Cancels that reached its work. */
  cancelled?: () => number;
  /** Answers that it finished in spite of everything. */
  close(): Promise<void>;
}

export const KINDS: ServerKind[] = ['iopaint', 'a1111', 'comfyui', 'openai', 'oip'];

export async function startRow(kind: ServerKind): Promise<Row> {
  const row = (server: FakeServer, more: Partial<ServerSpec> = {}): Row => ({
    kind,
    server,
    spec: { kind, address: server.address, ...more },
    close: () => server.close(),
  });
  switch (kind) {
    case 'iopaint':
      return row(await startIopaint());
    case 'a1111': {
      const fake = await startA1111();
      return {
        ...row(fake.server),
        slow: (steps, stepMs) => Object.assign(fake, { steps, stepMs }),
        cancelled: () => fake.interrupted,
      };
    }
    case 'comfyui': {
      const fake = await startComfyui();
      return {
        ...row(fake.server, { workflow: comfyuiWorkflow(true) }),
        slow: (steps, stepMs) => Object.assign(fake, { steps, stepMs }),
        cancelled: () => fake.interrupted.length,
        close: () => fake.close(),
      };
    }
    case 'openai': {
      const fake = await startOpenai(undefined);
      return row(fake.server, { model: 'sd-inpaint' });
    }
    case 'oip':
      return row(await startOip(Object.values(OIP_SHAPES)[0]!), { model: 'lama big' });
  }
}

/** A shaded picture with a hole off its middle; some pixels outside it are no display colours. */
export function holedPicture(width = 400, height = 300): { image: RgbImage; mask: Mask } {
  const image = createRgbImage(width, height);
  const mask = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      image.data[3 * i] = 0.3 + (0.3 * x) / width;
      image.data[3 * i + 1] = 0.5 - (0.2 * y) / height;
      image.data[3 * i + 2] = 0.4 + 0.05 * Math.sin(x / 9);
      mask.data[i] = x >= 150 && x < 210 && y >= 100 && y < 150 ? 1 : 0;
    }
  }
  // Brighter than white, as blended splats can be: kept bit for bit outside the hole.
  image.data[3] = 1.25;
  return { image, mask };
}
