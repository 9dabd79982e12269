// What the kernels of a splat share: its parameters as a camera has them. CPU twin: core/cpu/polish/lens.ts.
// Put before polish-splats.wgsl.

// Parameters a splat, in the order of core/cpu/polish/state.ts.
const PARAMS = 12u;

struct Lens {
  // fx, fy, cx, cy.
  focus: vec4f,
  // Least and most x/z, least and most y/z for the Jacobian.
  bounds: vec4f,
  // The camera's rotation, by columns.
  turn0: vec4f,
  turn1: vec4f,
  turn2: vec4f,
  // New splats that the view holds.
  count: u32,
}

// As in core/cpu/polish/plan.ts, with the splat's row.
struct Place {
  start_x: f32,
  start_y: f32,
  start_z: f32,
  way_x: f32,
  way_y: f32,
  way_z: f32,
  slope_x: f32,
  slope_y: f32,
  least: f32,
  most: f32,
  row: u32,
  spare: f32,
}

struct Posed {
  centre: vec3f,
  // x/z and y/z, clamped, and 1 where they were not.
  jacobian: vec2f,
  is_free: vec2f,
  // Unit axes in the camera's frame, and standard deviations.
  axes: mat3x3f,
  sigmas: vec3f,
  // The scaled axes through the Jacobian, pixels.
  span0: vec2f,
  span1: vec2f,
  span2: vec2f,
}

fn turn_of(q: vec4f) -> mat3x3f {
  // w x y z in q.x q.y q.z q.w.
  let w = q.x;
  let x = q.y;
  let y = q.z;
  let z = q.w;
  let twice = 2.0 / dot(q, q);
  return mat3x3f(
    vec3f(1.0 - twice * (y * y + z * z), twice * (x * y + w * z), twice * (x * z - w * y)),
    vec3f(twice * (x * y - w * z), 1.0 - twice * (x * x + z * z), twice * (y * z + w * x)),
    vec3f(twice * (x * z + w * y), twice * (y * z - w * x), 1.0 - twice * (x * x + y * y)),
  );
}

fn camera_turn(lens: Lens) -> mat3x3f {
  return mat3x3f(lens.turn0.xyz, lens.turn1.xyz, lens.turn2.xyz);
}

fn span_of(lens: Lens, z: f32, jacobian: vec2f, axis: vec3f, sigma: f32) -> vec2f {
  return (sigma * lens.focus.xy / z) * (axis.xy - jacobian * axis.z);
}

fn pose_splat(lens: Lens, place: Place, offset: f32, log_scale: vec3f, quaternion: vec4f) -> Posed {
  var out: Posed;
  out.centre = vec3f(place.start_x, place.start_y, place.start_z)
    + offset * vec3f(place.way_x, place.way_y, place.way_z);
  let slope = out.centre.xy / out.centre.z;
  out.jacobian = clamp(slope, lens.bounds.xz, lens.bounds.yw);
  out.is_free = select(vec2f(), vec2f(1.0), out.jacobian == slope);
  out.axes = camera_turn(lens) * turn_of(quaternion);
  out.sigmas = exp(log_scale);
  out.span0 = span_of(lens, out.centre.z, out.jacobian, out.axes[0], out.sigmas.x);
  out.span1 = span_of(lens, out.centre.z, out.jacobian, out.axes[1], out.sigmas.y);
  out.span2 = span_of(lens, out.centre.z, out.jacobian, out.axes[2], out.sigmas.z);
  return out;
}
