import { SH_REST_COUNT, type ShDegree } from '../splat-cloud.ts';

// Layout of .ksplat 0.1 (mkkellogg's GaussianSplats3D, SplatBuffer): a header, then a header a
// section, then the sections' data: bucket tables, then the splats.
export const HEADER_BYTES = 4096;
export const SECTION_HEADER_BYTES = 1024;
/** Bytes of a splat without its harmonics, and of one harmonic, by compression level. */
const SPLAT_BYTES = [44, 24, 24];
const HARMONIC_BYTES = [4, 2, 1];
/** The format ends at degree 2. */
export const MAX_DEGREE = 2;

/** Bytes of a splat with the harmonics of a degree, at a compression level. */
export const ksplatRowBytes = (level: number, degree: ShDegree): number =>
  SPLAT_BYTES[level]! + 3 * SH_REST_COUNT[degree] * HARMONIC_BYTES[level]!;
