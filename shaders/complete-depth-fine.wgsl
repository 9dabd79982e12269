// Finest level of the depth integrator: one thread a pixel of the crop. See core/cpu/complete-depth/prepare.ts for
// the energy, operator.ts for the quadratic form and smooth.ts for the smoother. Residuals are sums of edge fluxes, each
// computed alike on both sides: assembled rows would lose weakly tied regions to float32 rounding.
//
// Every array is in planes of one number a pixel, so that neighbouring threads read neighbouring numbers: on SwiftShader
// that is one load in place of four. A state is the planes u, w_x, w_y. Coefficients have a row of zeros before
// them, so that pixels of the first row read no weight above them; what they read of a state there is multiplied by 0.

struct Params {
  width: u32,
  height: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Planes aX, aY, bX, bY (edges to the right and the lower neighbour), lean, role; width + width × height numbers each.
// With a field two more: qX, qY, the steps that u should take along those edges.
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
// applyTo: x · result a pixel. smoothLast: result · b, then result · Ap (a plane each).
@group(0) @binding(5) var<storage, read_write> products: array<f32>;
// smoothLast: A p of the step.
@group(0) @binding(6) var<storage, read> ap: array<f32>;

override damping: f32;

const KNOWN = 1.0;
const FREE = 2.0;

struct Edges {
  // Right, down, left, up.
  first: vec4f,
  second: vec4f,
}

fn plane() -> u32 { return params.width * params.height; }

fn weight(k: u32, i: u32) -> f32 {
  return weights[k * (params.width + plane()) + i];
}

// i counts from the row of zeros.
fn edgesAt(i: u32) -> Edges {
  let above = i - params.width;
  return Edges(
    vec4f(weight(0u, i), weight(1u, i), weight(0u, i - 1u), weight(1u, above)),
    vec4f(weight(2u, i), weight(3u, i), weight(2u, i - 1u), weight(3u, above)),
  );
}

fn stateAt(i: u32) -> vec3f {
  let n = plane();
  return vec3f(x[i], x[n + i], x[2u * n + i]);
}

fn rightAt(i: u32) -> vec3f {
  let n = plane();
  return vec3f(b[i], b[n + i], b[2u * n + i]);
}

fn store(i: u32, v: vec3f) {
  let n = plane();
  result[i] = v.x;
  result[n + i] = v.y;
  result[2u * n + i] = v.z;
}

// A x at a pixel; rows of fixed values are 0: u of known pixels, all of pixels that are out (which have no weights).
fn rowOf(i: u32, e: Edges) -> vec3f { return rowWithTargets(i, e, vec4f(0.0)); }

// A x − b, b being what the target steps q of the four edges ask for. q goes into the differences: a sum of b in
// float32 would be off by more than what ties weak regions.
fn rowWithTargets(i: u32, e: Edges, q: vec4f) -> vec3f {
  let lean = weight(4u, i + params.width);
  let role = weight(5u, i + params.width);
  let s = stateAt(i);
  let r = stateAt(i + 1u);
  let d = stateAt(i + params.width);
  let l = stateAt(i - 1u);
  let t = stateAt(i - params.width);
  // First-order residuals of the four edges, in the direction of x and y.
  let f = e.first * vec4f(
    r.x - s.x - 0.5 * (s.y + r.y) - q.x,
    d.x - s.x - 0.5 * (s.z + d.z) - q.y,
    s.x - l.x - 0.5 * (l.y + s.y) - q.z,
    s.x - t.x - 0.5 * (t.z + s.z) - q.w,
  );
  let bend = e.second.x * (s.yz - r.yz) + e.second.y * (s.yz - d.yz)
    + e.second.z * (s.yz - l.yz) + e.second.w * (s.yz - t.yz);
  let u = select(0.0, f.z + f.w - f.x - f.y, role == FREE);
  return vec3f(u, lean * s.yz + bend - 0.5 * (f.xy + f.zw));
}

// D⁻¹ r of a pixel; its block is an arrow (xy = 0): eliminate both slopes, then u. A known pixel's u stays.
fn solveBlock(i: u32, e: Edges, r: vec3f) -> vec3f {
  let lean = weight(4u, i + params.width);
  let role = weight(5u, i + params.width);
  let bend = e.second.x + e.second.y + e.second.z + e.second.w + lean;
  let ww = 0.25 * (e.first.xy + e.first.zw) + bend;
  // A pixel that is out has no weights at all.
  let inverse = select(vec2f(0.0), 1.0 / ww, ww > vec2f(0.0));
  let uu = e.first.x + e.first.y + e.first.z + e.first.w;
  let across = 0.5 * (e.first.xy - e.first.zw);
  let back = across * inverse;
  let u = select(0.0, (r.x - dot(back, r.yz)) / (uu - dot(back, across)), role == FREE && uu > 0.0);
  return vec3f(u, (r.yz - across * u) * inverse);
}

// result = A x
@compute @workgroup_size(64)
fn applyTo(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  let row = rowOf(i, edgesAt(i + params.width));
  store(i, row);
  products[i] = dot(stateAt(i), row);
}

// result = −A x, what a solve begins with: the right side is 0, known values pull through their edges
@compute @workgroup_size(64)
fn firstResidual(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  store(i, -rowOf(i, edgesAt(i + params.width)));
}

// The same with target steps
@compute @workgroup_size(64)
fn firstResidualTargeted(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  let k = i + params.width;
  let q = vec4f(weight(6u, k), weight(7u, k), weight(6u, k - 1u), weight(7u, i));
  store(i, -rowWithTargets(i, edgesAt(k), q));
}

// result = damping · D⁻¹ b, the first half of the smoothing
@compute @workgroup_size(64)
fn smoothFirst(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  store(i, damping * solveBlock(i, edgesAt(i + params.width), rightAt(i)));
}

// result = b − A x
@compute @workgroup_size(64)
fn remainder(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  store(i, rightAt(i) - rowOf(i, edgesAt(i + params.width)));
}

// result = x + damping · D⁻¹ (b − A x), the second half
@compute @workgroup_size(64)
fn smoothLast(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= plane()) { return; }
  let e = edgesAt(i + params.width);
  let r = rightAt(i);
  let z = stateAt(i) + damping * solveBlock(i, e, r - rowOf(i, e));
  store(i, z);
  let n = plane();
  products[i] = dot(z, r);
  products[n + i] = dot(z, vec3f(ap[i], ap[n + i], ap[2u * n + i]));
}
