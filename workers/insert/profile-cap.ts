/** A profile's unseen end: what closes it where the outline's last ray touches it. */

export interface Cap {
  /** Where it ends, along the axis. */
  end: number;
  /** Of its level disc, and of the edge's rounding. */
  disc: number;
  rounding: number;
  /** From the centre of the rounding on, radians from level, the surface is unseen up to this angle. */
  angle: number;
}

const STEP = (2 * Math.PI) / 180;
/** Angles past the last seen one that are looked at for how the end is rounded, degrees: as many as one shape explains. */
const SPANS = [90, 70, 55, 45, 35, 25, 18, 12].map((deg) => (deg * Math.PI) / 180);
/** Explained: this near on average, pixels, and of the widest place. */
const FIT_PX = 0.5;
const FIT_SHARE = 0.006;
const ROUNDINGS = 48;
interface Fit {
  disc: number;
  centre: number;
  rounding: number;
  off: number;
}

/** What an end looks like: taken for a sharp edge, and for a rounded one; each with the angle that it explains, radians. */
export interface End {
  sharp: Cap & { explains: number };
  round: Cap & { explains: number };
}

/** h = disc sin a + centre cos a + rounding: least squares in disc and centre, disc not negative. */
function fitted(angles: readonly number[], h: readonly number[], rounding: number): Fit {
  let [ss, sc, cc, sh, ch] = [0, 0, 0, 0, 0];
  for (const [k, a] of angles.entries()) {
    const [s, c, v] = [Math.sin(a), Math.cos(a), h[k]! - rounding];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    sh += s * v;
    ch += c * v;
  }
  const det = ss * cc - sc * sc;
  let disc = (sh * cc - ch * sc) / det;
  let centre = (ch * ss - sh * sc) / det;
  if (!(disc > 0)) [disc, centre] = [0, ch / cc];
  const off = Math.sqrt(
    angles.reduce(
      (sum, a, k) => sum + (disc * Math.sin(a) + centre * Math.cos(a) + rounding - h[k]!) ** 2,
      0,
    ) / angles.length,
  );
  return { disc, centre, rounding, off };
}

/**
 * The seen part of a profile's end, by its support function h(a) = max (r sin a + z cos a) from the last seen tangent's angle to upright: a
 * level disc with a rounded edge has h = disc sin a + (end − rounding) cos a + rounding. A sharp one (a mug's foot) has no rounding, a ball
 * no disc.
 * @param points (radius, way along the axis to this end) of the profile
 * @param angle of the last seen tangent from level, radians
 * @param px a pixel in the points' unit
 */
export function endOf(
  points: readonly (readonly [number, number])[],
  angle: number,
  px: number,
): End {
  // From the end to the first widest place: past a neck it is another part.
  const lobe: (readonly [number, number])[] = [];
  let widest = 0;
  for (const p of [...points].sort((a, b) => b[1] - a[1])) {
    if (p[0] < widest - 2 * px) break;
    widest = Math.max(widest, p[0]);
    lobe.push(p);
  }
  const tolerance = Math.max(FIT_PX * px, FIT_SHARE * widest);
  const upTo = (span: number) => {
    const to = Math.min(Math.PI / 2, angle + span);
    const n = Math.max(4, Math.round((to - angle) / STEP));
    const angles = Array.from({ length: n + 1 }, (_, k) => angle + ((to - angle) * k) / n);
    const h = angles.map((a) =>
      lobe.reduce((m, [r, z]) => Math.max(m, r * Math.sin(a) + z * Math.cos(a)), -Infinity),
    );
    return { angles, h, span: to - angle };
  };
  const last = upTo(0).h[0]!;
  const widestFit = (roundings: readonly number[]) => {
    let found: (Fit & { explains: number }) | undefined;
    for (const span of SPANS) {
      const { angles, h, span: explains } = upTo(span);
      const fits = roundings.map((q) => fitted(angles, h, q));
      found = { ...fits.reduce((a, b) => (b.off < a.off ? b : a)), explains };
      if (found.off <= tolerance) break;
    }
    const { disc, centre, rounding, explains } = found!;
    // Exactly at the last seen tangent: smoothed corners pull the fit inside.
    const left = last - disc * Math.sin(angle) - centre * Math.cos(angle) - rounding;
    return { end: centre + rounding + left / Math.cos(angle), disc, rounding, angle, explains };
  };
  const roundings = Array.from(
    { length: ROUNDINGS },
    (_, k) => (1.5 * widest * k) / (ROUNDINGS - 1),
  );
  return { sharp: widestFit([0]), round: widestFit(roundings) };
}

/** Greatest radius that the cap leaves at a place along the axis to its end. */
export function underCap({ end, disc, rounding, angle }: Cap, z: number): number {
  if (z > end) return 0;
  const beyond = z - (end - rounding);
  if (beyond <= rounding * Math.cos(angle)) return Infinity;
  return disc + Math.sqrt(Math.max(0, rounding * rounding - beyond * beyond));
}
