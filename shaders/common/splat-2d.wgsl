// A projected splat, field for field core/cpu/render/records.ts; test/gpu/render.test.ts compares the two. Put before what draws it.
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
