// Conjugate gradients of the depth integrator; its scalars stay on the GPU. One thread a pixel in the vector kernels
// (striding over the array), one workgroup in those that end a sum.

struct Params {
  count: u32,
  // Number of workgroups that a vector kernel runs with: the stride, and the number of partial sums.
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
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> r: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> z: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> ap: array<vec4f>;

const GROUP = 256u;
var<workgroup> sums: array<vec2f, GROUP>;

fn sumGroup(lane: u32, value: vec2f) -> vec2f {
  sums[lane] = value;
  workgroupBarrier();
  for (var reach = GROUP / 2u; reach > 0u; reach /= 2u) {
    if (lane < reach) { sums[lane] += sums[lane + reach]; }
    workgroupBarrier();
  }
  return sums[0];
}

fn sumPartials(lane: u32) -> vec2f {
  var value = vec2f(0.0);
  for (var k = lane; k < params.groups; k += GROUP) { value += groupSums[k]; }
  return sumGroup(lane, value);
}

// groupSums = (z·r, z·Ap)
@compute @workgroup_size(GROUP)
fn dotZ(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32,
        @builtin(workgroup_id) group: vec3u) {
  var value = vec2f(0.0);
  for (var i = id.x; i < params.count; i += GROUP * params.groups) {
    value += vec2f(dot(z[i], r[i]), dot(z[i], ap[i]));
  }
  value = sumGroup(lane, value);
  if (lane == 0u) { groupSums[group.x] = value; }
}

// groupSums = (p·Ap, 0)
@compute @workgroup_size(GROUP)
fn dotP(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32,
        @builtin(workgroup_id) group: vec3u) {
  var value = 0.0;
  for (var i = id.x; i < params.count; i += GROUP * params.groups) { value += dot(p[i], ap[i]); }
  let sum = sumGroup(lane, vec2f(value, 0.0));
  if (lane == 0u) { groupSums[group.x] = sum; }
}

// After the first preconditioning of a solve: rz, goal; p follows from beta = 0.
@compute @workgroup_size(GROUP)
fn start(@builtin(local_invocation_index) lane: u32) {
  let sum = sumPartials(lane);
  if (lane == 0u) {
    let rz = max(sum.x, 0.0);
    scalars.reference = max(scalars.reference, sqrt(rz));
    scalars.goal = max(params.tolerance * sqrt(rz), params.floorShare * scalars.reference);
    scalars.rz = rz;
    scalars.beta = 0.0;
    scalars.steps = 0u;
    scalars.done = select(0u, 1u, sqrt(rz) <= scalars.goal);
  }
}

@compute @workgroup_size(GROUP)
fn setLength(@builtin(local_invocation_index) lane: u32) {
  let energy = sumPartials(lane).x;
  if (lane == 0u) {
    if (!(energy > 0.0)) { scalars.done = 1u; }
    scalars.length = 0.0;
    if (scalars.done == 0u) { scalars.length = scalars.rz / energy; }
  }
}

// Polak–Ribière: z·(r − r_before) = −length · z·Ap.
@compute @workgroup_size(GROUP)
fn setBeta(@builtin(local_invocation_index) lane: u32) {
  let sum = sumPartials(lane);
  if (lane == 0u && scalars.done == 0u) {
    scalars.beta = -scalars.length * sum.y / scalars.rz;
    scalars.rz = max(sum.x, 0.0);
    scalars.steps += 1u;
    if (sqrt(scalars.rz) <= scalars.goal) { scalars.done = 1u; }
  }
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
