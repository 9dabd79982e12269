// Conjugate gradients of the depth integrator; its scalars stay on the GPU. The vector kernels stride over the
// numbers of a state, whichever they are; one thread in those that end a sum.

struct Params {
  count: u32,
  // Number of workgroups that a vector kernel runs with.
  groups: u32,
  tolerance: f32,
  // Lowest goal: this share of what the first solve began with.
  floorShare: f32,
}

struct Scalars {
  rz: f32,
  length: f32,
  beta: f32,
  goal: f32,
  reference: f32,
  done: u32,
  steps: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> scalars: Scalars;
@group(0) @binding(2) var<storage, read_write> groupSums: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> r: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;
@group(0) @binding(6) var<storage, read_write> p: array<f32>;
@group(0) @binding(7) var<storage, read_write> ap: array<f32>;
@group(0) @binding(8) var<storage, read_write> products: array<f32>;

// Sums go in three stages without barriers: every thread of a vector kernel over its stride, 64 threads over those
// (fold), one thread over the 64. A workgroup with barriers takes milliseconds on SwiftShader, a plain one microseconds.
const GROUP = 64u;

fn total() -> vec2f {
  var value = vec2f(0.0);
  let begin = GROUP * params.groups;
  for (var k = 0u; k < GROUP; k++) { value += groupSums[begin + k]; }
  return value;
}

@compute @workgroup_size(GROUP)
fn fold(@builtin(local_invocation_index) lane: u32) {
  var value = vec2f(0.0);
  let count = GROUP * params.groups;
  for (var k = lane; k < count; k += GROUP) { value += groupSums[k]; }
  groupSums[count + lane] = value;
}

// groupSums = sums of the first and the second plane of products: z·r and z·Ap, or p·Ap and nothing of use
@compute @workgroup_size(GROUP)
fn sum(@builtin(global_invocation_id) id: vec3u) {
  var value = vec2f(0.0);
  let n = params.count / 3u;
  for (var i = id.x; i < n; i += GROUP * params.groups) {
    value += vec2f(products[i], products[n + i]);
  }
  groupSums[id.x] = value;
}

// After the first preconditioning of a solve: rz and goal; p follows from beta = 0.
@compute @workgroup_size(1)
fn start() {
  let rz = max(total().x, 0.0);
  scalars.reference = max(scalars.reference, sqrt(rz));
  scalars.goal = max(params.tolerance * sqrt(rz), params.floorShare * scalars.reference);
  scalars.rz = rz;
  scalars.beta = 0.0;
  scalars.steps = 0u;
  scalars.done = select(0u, 1u, sqrt(rz) <= scalars.goal);
}

@compute @workgroup_size(1)
fn setLength() {
  let energy = total().x;
  if (!(energy > 0.0)) { scalars.done = 1u; }
  scalars.length = 0.0;
  if (scalars.done == 0u) { scalars.length = scalars.rz / energy; }
}

// Polak–Ribière: z·(r − r_before) = −length · z·Ap.
@compute @workgroup_size(1)
fn setBeta() {
  if (scalars.done != 0u) { return; }
  let sum = total();
  scalars.beta = -scalars.length * sum.y / scalars.rz;
  scalars.rz = max(sum.x, 0.0);
  scalars.steps += 1u;
  if (sqrt(scalars.rz) <= scalars.goal) { scalars.done = 1u; }
}

@compute @workgroup_size(GROUP)
fn advance(@builtin(global_invocation_id) id: vec3u) {
  if (scalars.done != 0u) { return; }
  for (var i = id.x; i < params.count; i += GROUP * params.groups) {
    x[i] += scalars.length * p[i];
    r[i] -= scalars.length * ap[i];
  }
}

@compute @workgroup_size(GROUP)
fn turn(@builtin(global_invocation_id) id: vec3u) {
  if (scalars.done != 0u) { return; }
  if (scalars.beta == 0.0) {
    // A solve's first direction: p may hold anything.
    for (var i = id.x; i < params.count; i += GROUP * params.groups) { p[i] = z[i]; }
    return;
  }
  for (var i = id.x; i < params.count; i += GROUP * params.groups) {
    p[i] = z[i] + scalars.beta * p[i];
  }
}
