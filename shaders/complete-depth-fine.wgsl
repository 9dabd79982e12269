// Finest level of the depth integrator: one thread a pixel of the crop. See core/cpu/complete-depth/prepare.ts for
// the energy, operator.ts for the quadratic form and smooth.ts for the smoother. Residuals are sums of edge fluxes, each
// computed alike on both sides: assembled rows would lose weakly tied regions to float32 rounding.
// A state is (u, w_x, w_y, 0) a pixel.

// Params, bindings 0 to 2 and the operator: complete-depth-pixels.wgsl goes before this.

@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
// Offset from the parent's centre and the parent's number (bits), of every pixel that takes part.
@group(0) @binding(5) var<storage, read> links: array<vec4f>;
// Answer of the first coarse level.
@group(0) @binding(6) var<storage, read> coarse: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> result: array<vec4f>;

override damping: f32;
override overcorrection: f32;

// result = A x
@compute @workgroup_size(16, 16)
fn applyTo(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = vec4f(mask(rowOf(i, id.x, id.y, stateAt(i)), i), 0.0);
}

// result = −A x, what a solve begins with: the right side is 0, known values pull through their edges
@compute @workgroup_size(16, 16)
fn firstResidual(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = vec4f(-mask(rowOf(i, id.x, id.y, stateAt(i)), i), 0.0);
}

// D⁻¹ r of a pixel; its block is an arrow (xy = 0): eliminate both slopes, then u. A known pixel's u stays.
fn solveBlock(i: u32, px: u32, py: u32, r: vec3f) -> vec3f {
  let role = pixels[i].y;
  if (role == OUT) { return vec3f(0.0); }
  let e = edges[i];
  var before = vec4f(0.0);
  if (px > 0u) {
    let c = edges[i - 1u];
    before.x = c.x;
    before.z = c.z;
  }
  if (py > 0u) {
    let c = edges[i - params.width];
    before.y = c.y;
    before.w = c.w;
  }
  let bend = e.z + e.w + before.z + before.w + pixels[i].x;
  let ww = 0.25 * (e.xy + before.xy) + bend;
  if (role == KNOWN) { return vec3f(0.0, r.yz / ww); }
  let uu = e.x + e.y + before.x + before.y;
  if (!(uu > 0.0)) { return vec3f(0.0, r.yz / ww); }
  let across = 0.5 * (e.xy - before.xy);
  let back = across / ww;
  let u = (r.x - dot(back, r.yz)) / (uu - dot(back, across));
  return vec3f(u, (r.yz - across * u) / ww);
}

// result = damping · D⁻¹ b, the first half of the smoothing
@compute @workgroup_size(16, 16)
fn smoothFirst(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = vec4f(damping * solveBlock(i, id.x, id.y, b[i].xyz), 0.0);
}

fn stateAt(i: u32) -> vec3f {
  let s = x[i].xyz;
  if (params.corrected == 0u || pixels[i].y == OUT) { return s; }
  let link = links[i];
  let c = overcorrection * coarse[bitcast<u32>(link.z)].xyz;
  let u = select(0.0, c.x + dot(link.xy, c.yz), pixels[i].y == FREE);
  return s + vec3f(u, c.yz);
}

// result = y + damping · D⁻¹ (b − A y), y = x + P coarse: the correction from below and the second half of the smoothing
@compute @workgroup_size(16, 16)
fn smoothLast(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  let y = stateAt(i);
  let r = b[i].xyz - mask(rowOf(i, id.x, id.y, y), i);
  result[i] = vec4f(y + damping * solveBlock(i, id.x, id.y, r), 0.0);
}
