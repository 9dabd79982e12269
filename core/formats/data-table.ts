import type { DataTable } from '@playcanvas/splat-transform';
import { createSplatCloud, SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import { badFile } from './format.ts';
import { plyColumnNames, slotOf } from './ply-layout.ts';

export type SplatTransform = typeof import('./splat-transform.ts');

/** Loaded when a format is met that needs it. */
export function loadSplatTransform(): Promise<SplatTransform> {
  return import('./splat-transform.ts');
}

/**
 * splat-transform's table as a cloud. The table carries its pending rotation into the engine's frame;
 * it is resolved against PLY's, so that all formats land in one frame.
 * @throws SplatmendError `bad-file` when the table does not hold what the file's header promised
 */
export function cloudFromTable(
  library: SplatTransform,
  table: DataTable,
  count: number,
  shDegree: ShDegree,
  fileName: string,
): SplatCloud {
  if (table.numRows !== count) {
    throw badFile(fileName, `decoded to ${table.numRows} splats where ${count} are promised`);
  }
  const inPlyFrame = library.convertToSpace(table, library.Transform.PLY, true);
  const cloud = createSplatCloud(count, shDegree);
  for (const name of plyColumnNames(cloud)) {
    const column = inPlyFrame.getColumnByName(name);
    if (!column) throw badFile(fileName, `decoded without ${name}`);
    const { attribute, stride, offset } = slotOf(name, shDegree)!;
    const out = cloud[attribute];
    for (let i = 0; i < count; i++) out[i * stride + offset] = column.data[i]!;
  }
  return cloud;
}

/** A cloud as splat-transform's table, extra properties left out. */
export function tableFromCloud(library: SplatTransform, cloud: SplatCloud): DataTable {
  const bare: SplatCloud = { ...cloud, extras: [] };
  const columns = plyColumnNames(bare).map((name) => {
    const { attribute, stride, offset } = slotOf(name, cloud.shDegree)!;
    const source = cloud[attribute];
    const data = new Float32Array(cloud.count);
    for (let i = 0; i < cloud.count; i++) data[i] = source[i * stride + offset]!;
    return new library.Column(name, data);
  });
  return new library.DataTable(columns, library.Transform.PLY);
}

/** SH degree of so many coefficients above the zeroth, all channels together. */
export function shDegreeOfRest(rest: number): ShDegree | undefined {
  return ([0, 1, 2, 3] as const).find((degree) => 3 * SH_REST_COUNT[degree] === rest);
}
