import type { Case } from './cases.ts';
export async function withheldPoints(_path: string, _seed: number): Promise<Case[]> {
  throw new Error('not yet');
}
