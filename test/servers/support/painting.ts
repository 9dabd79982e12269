/** One holed picture, painted by fake servers: what a test of one provider starts, closes and looks for. */
import { expect } from 'vitest';
import type { SplatmendError } from '../../../core/errors.ts';
import type { RgbImage } from '../../../core/image.ts';
import type { ServerEnvironment } from '../../../workers/inpainters/servers/server-inpainter.ts';
import { PAINT } from './fake-server.ts';
import { holedPicture } from './providers.ts';

export const { image, mask } = holedPicture();
export const quick: ServerEnvironment = { backOffMs: 5, pollMs: 10 };

const open: { close(): Promise<void> }[] = [];

/** What `closeAll` closes, after each test. */
export const keep = <T extends { close(): Promise<void> }>(it: T): T => {
  open.push(it);
  return it;
};
export async function closeAll(): Promise<void> {
  for (const it of open.splice(0)) await it.close();
}

/** The hole's middle in the servers' paint. */
export function isPainted(result: RgbImage): void {
  const middle = 3 * (125 * image.width + 180);
  for (let c = 0; c < 3; c++) {
    expect(Math.abs(result.data[middle + c]! - PAINT[c]! / 255)).toBeLessThan(0.3);
  }
}

export const failureOf = (work: Promise<unknown>): Promise<SplatmendError> =>
  work.then(
    () => expect.fail('it went well'),
    (error: SplatmendError) => error,
  );
