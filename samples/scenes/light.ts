/**
 * Baked light of the sample room: a broad window light from the front left, a sky and floor bounce,
 * darker corners, and soft contact darkness under the objects. Formulas are chosen by eye.
 */
import type { Contact } from './contact.ts';
import { smoothstep } from './noise.ts';
import type { Point } from './vectors.ts';

/** The table's outline and the height of its top: what shades the floor. */
export interface TableShade {
  halfX: number;
  halfZ: number;
  height: number;
}

/** Direction to the window's middle, unit length: left, up, towards the viewer. */
export const TO_LIGHT: Point = [-0.52, -0.72, -0.46];

/**
 * Darkness around a standing object, and the weak shade on its far side; 0 = none. It is mild, and under
 * the base it fades from the rim inwards, so that the hidden surface follows from what is around it.
 */
function contactDarkness(contact: Contact, x: number, z: number): number {
  const outside = contact.distance(x, z);
  const d = outside < 0 ? -outside : Math.max(0, outside - contact.overhang);
  const close = 0.08 * Math.exp(-d / 0.014) + 0.1 * Math.exp(-d / (0.02 + 0.2 * contact.height));
  // Shade: the outline, moved away from the light and blurred with the way it moved.
  let shade = 0;
  for (let k = 1; k <= 3; k++) {
    const reach = (0.55 * contact.height * k) / 3;
    const sx = x + (TO_LIGHT[0] / -TO_LIGHT[1]) * reach;
    const sz = z + (TO_LIGHT[2] / -TO_LIGHT[1]) * reach;
    const moved = contact.distance(sx, sz) - contact.overhang;
    shade += 0.03 * (1 - smoothstep(-0.3 * reach, 0.3 * reach + 0.02, moved));
  }
  const under = Math.exp(Math.min(0, outside) / 0.04);
  return 1 - (1 - close) * (1 - shade * under);
}

/** Shade of the table on the floor: soft, with its middle away from the light. */
function tableDarkness(table: TableShade, x: number, z: number): number {
  const sx = x + (TO_LIGHT[0] / -TO_LIGHT[1]) * table.height * 0.6;
  const sz = z + (TO_LIGHT[2] / -TO_LIGHT[1]) * table.height * 0.6;
  const d = Math.max(Math.abs(sx) - table.halfX, Math.abs(sz) - table.halfZ);
  return 0.42 * (1 - smoothstep(-0.3, 0.32, d));
}

export interface LightSetup {
  contacts: readonly Contact[];
  table: TableShade;
  /** x of the left wall and z of the back wall: corners are darker. */
  leftX: number;
  backZ: number;
}

/**
 * Light on a surface, a factor a colour channel for its albedo.
 * @param onSupport height (metres above the floor) of the support whose contacts count here; undefined on other surfaces
 */
export function lightAt(setup: LightSetup, p: Point, n: Point, onSupport?: number): Point {
  const facing = n[0] * TO_LIGHT[0] + n[1] * TO_LIGHT[1] + n[2] * TO_LIGHT[2];
  const key = 0.55 * Math.max(0, 0.34 + 0.66 * facing);
  const sky = 0.5 + 0.5 * -n[1];
  // The window is near the front left: what is far from it gets less.
  const away = Math.hypot(p[0] + 1.2, p[1] + 1.7, p[2] + 1.1);
  const reach = 1.36 - 0.13 * away;
  const height = -p[1];
  let open = 1;
  open *= 1 - 0.22 * Math.exp(-Math.max(0, p[0] - setup.leftX) / 0.22) * (1 - Math.abs(n[0]));
  open *= 1 - 0.22 * Math.exp(-Math.max(0, setup.backZ - p[2]) / 0.22) * (1 - Math.abs(n[2]));
  open *= 1 - 0.25 * Math.exp(-height / 0.2) * (1 - Math.abs(n[1]));
  if (onSupport !== undefined) {
    for (const contact of setup.contacts) {
      if (Math.abs(-contact.base[1] - onSupport) > 0.03) continue;
      open *= 1 - contactDarkness(contact, p[0], p[2]);
    }
  }
  if (height < setup.table.height - 0.03) {
    const under = height < 0.03 ? 1 : 0.8 * (1 - height / setup.table.height);
    open *= 1 - under * tableDarkness(setup.table, p[0], p[2]);
  }
  const k = reach * open;
  return [
    k * (key * 1.06 + 0.5 * sky + 0.2 * (1 - sky) + 0.13),
    k * (key * 1.0 + 0.5 * sky + 0.17 * (1 - sky) + 0.13),
    k * (key * 0.9 + 0.52 * sky + 0.14 * (1 - sky) + 0.14),
  ];
}
