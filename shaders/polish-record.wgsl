// A projected splat, field for field core/cpu/render/records.ts. Put before polish-splats.wgsl and polish-pixels.wgsl.
struct Splat2D {
  u: f32,
  v: f32,
  l11: f32,
  l21: f32,
  l22: f32,
  opacity: f32,
  red: f32,
  green: f32,
  blue: f32,
  rho: f32,
  rho_dx: f32,
  rho_dy: f32,
  rho_min: f32,
  rho_max: f32,
  marked: f32,
  cutoff: f32,
}

// What a splat gathers over its pixels, in the order of core/cpu/polish/blend.ts.
const SUMS = 10u;

// The dispatch's groups may be folded into two dimensions.
fn flat_index(group: vec3u, groups: vec3u, thread: u32) -> u32 {
  return (group.y * groups.x + group.x) * 64u + thread;
}
