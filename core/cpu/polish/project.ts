import { SH_C0 } from '../../splat-cloud.ts';
import {
  BLUE,
  CUTOFF,
  DILATION_PX2,
  GREEN,
  L11,
  L21,
  L22,
  MIN_ALPHA,
  OPACITY,
  RECORD_FLOATS,
  RED,
  RHO,
  RHO_DX,
  RHO_DY,
  RHO_MAX,
  RHO_MIN,
  U,
  V,
} from '../render/records.ts';
import { createPosed, type Lens, poseSplat } from './lens.ts';
import { LEAST, MOST, PLACE_FLOATS, type PolishPlan, SLOPE_X, SLOPE_Y } from './plan.ts';
import { DC, OPACITY_LOGIT, PARAMS } from './state.ts';

const posed = createPosed();

/** Writes the new splats' records as their parameters say; the projection is core/cpu/render/project.ts', in 64 bits. */
export function projectNew(plan: PolishPlan, lens: Lens, values: Float64Array): void {
  const { records, places, rows, newCount } = plan;
  for (let k = 0; k < newCount; k++) {
    const row = rows[k]!;
    const { x, y, z, spans } = poseSplat(lens, values, row, places, k, posed);
    let cxx = DILATION_PX2;
    let cxy = 0;
    let cyy = DILATION_PX2;
    for (let a = 0; a < 6; a += 2) {
      cxx += spans[a]! * spans[a]!;
      cxy += spans[a]! * spans[a + 1]!;
      cyy += spans[a + 1]! * spans[a + 1]!;
    }
    const det = cxx * cyy - cxy * cxy;
    const l11 = Math.sqrt(cyy / det);
    const rho = 1 / z;
    const v = row * PARAMS;
    const opacity = 1 / (1 + Math.exp(-values[v + OPACITY_LOGIT]!));
    const p = k * PLACE_FLOATS;
    const o = k * RECORD_FLOATS;
    records[o + U] = lens.fx * x * rho + lens.cx;
    records[o + V] = lens.fy * y * rho + lens.cy;
    records[o + L11] = l11;
    records[o + L21] = -cxy / (det * l11);
    records[o + L22] = 1 / Math.sqrt(cyy);
    records[o + OPACITY] = opacity;
    records[o + RED] = Math.max(0, 0.5 + SH_C0 * values[v + DC]!);
    records[o + GREEN] = Math.max(0, 0.5 + SH_C0 * values[v + DC + 1]!);
    records[o + BLUE] = Math.max(0, 0.5 + SH_C0 * values[v + DC + 2]!);
    records[o + RHO] = rho;
    records[o + RHO_DX] = rho * places[p + SLOPE_X]!;
    records[o + RHO_DY] = rho * places[p + SLOPE_Y]!;
    records[o + RHO_MIN] = rho * places[p + LEAST]!;
    records[o + RHO_MAX] = rho * places[p + MOST]!;
    records[o + CUTOFF] = 2 * Math.log(opacity / MIN_ALPHA);
  }
}
