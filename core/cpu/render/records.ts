/**
 * A projected splat as 16 floats (64 bytes), read alike by the CPU compositor and by the WGSL kernel
 * (`Splat2D` in shaders/common/splat-2d.wgsl): change both together.
 *
 * The 2D precision is kept as its Cholesky factor, so that the squared Mahalanobis distance is
 * (L11·dx + L21·dy)² + (L22·dy)²: the usual A·dx² + 2B·dx·dy + C·dy² cancels in 32 bits on long thin splats.
 */
export const RECORD_FLOATS = 16;
export const U = 0;
export const V = 1;
export const L11 = 2;
export const L21 = 3;
export const L22 = 4;
export const OPACITY = 5;
export const RED = 6;
export const GREEN = 7;
export const BLUE = 8;
/** Inverse depth at the centre, and its change per pixel in x and y: a plane's inverse depth is affine. */
export const RHO = 9;
export const RHO_DX = 10;
export const RHO_DY = 11;
export const RHO_MIN = 12;
export const RHO_MAX = 13;
/** 1 when the splat counts towards `marked`. */
export const MARKED = 14;
/** Squared Mahalanobis distance at which alpha falls to 1/255. */
export const CUTOFF = 15;

/** A contribution below this is no contribution (3DGS reference). */
export const MIN_ALPHA = 1 / 255;
export const MAX_ALPHA = 0.99;
/** A pixel is full when less light than this passes. */
export const MIN_TRANSMITTANCE = 1e-4;
/** Added to the 2D covariance's diagonal, px² (3DGS reference). */
export const DILATION_PX2 = 0.3;
/** Boxes and spans are cut this much too wide: the alpha test decides which pixels count, never their rounding. */
export const SLACK_PX = 1e-3;
