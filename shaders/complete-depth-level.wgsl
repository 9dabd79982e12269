// A coarse level of the depth integrator (core/cpu/complete-depth/level.ts): one thread a node. Arrays are in planes
// as in complete-depth-fine.wgsl; couplings lie in slices of 64 nodes, a slice as wide as its busiest node (sliced
// ELLPACK, Kreutzer et al. 2014), filled up with zero blocks, so that neighbouring threads read neighbouring numbers.

struct Params {
  count: u32,
  // Entries of all slices, 64 × their widths.
  entries: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Planes of the diagonal block uu ux uy xx xy yy and of its inverse.
@group(0) @binding(1) var<storage, read> rows: array<f32>;
// Planes of the 3×3 blocks, row-major.
@group(0) @binding(2) var<storage, read> blocks: array<f32>;
// Where each slice begins (slices + 1 numbers), then each entry's node.
@group(0) @binding(3) var<storage, read> beside: array<u32>;
@group(0) @binding(4) var<storage, read> b: array<f32>;
@group(0) @binding(5) var<storage, read> x: array<f32>;
@group(0) @binding(6) var<storage, read_write> result: array<f32>;

override damping: f32;

fn vectorOfX(i: u32) -> vec3f {
  return vec3f(x[i], x[params.count + i], x[2u * params.count + i]);
}

// Symmetric block whose planes begin at `first`, times v
fn symmetric(first: u32, i: u32, v: vec3f) -> vec3f {
  let n = params.count;
  let k = first * n + i;
  let ux = rows[k + n];
  let uy = rows[k + 2u * n];
  let xy = rows[k + 4u * n];
  return vec3f(
    rows[k] * v.x + ux * v.y + uy * v.z,
    ux * v.x + rows[k + 3u * n] * v.y + xy * v.z,
    uy * v.x + xy * v.y + rows[k + 5u * n] * v.z,
  );
}

// b − A x of a node
fn remainderAt(i: u32) -> vec3f {
  let n = params.count;
  var r = vec3f(b[i], b[n + i], b[2u * n + i]) - symmetric(0u, i, vectorOfX(i));
  let slice = i / 64u;
  let slices = (n + 63u) / 64u;
  let m = params.entries;
  for (var k = beside[slice] + (i & 63u); k < beside[slice + 1u]; k += 64u) {
    let t = vectorOfX(beside[slices + 1u + k]);
    r -= vec3f(
      blocks[k] * t.x + blocks[m + k] * t.y + blocks[2u * m + k] * t.z,
      blocks[3u * m + k] * t.x + blocks[4u * m + k] * t.y + blocks[5u * m + k] * t.z,
      blocks[6u * m + k] * t.x + blocks[7u * m + k] * t.y + blocks[8u * m + k] * t.z,
    );
  }
  return r;
}

fn store(i: u32, v: vec3f) {
  result[i] = v.x;
  result[params.count + i] = v.y;
  result[2u * params.count + i] = v.z;
}

// result = b − A x
@compute @workgroup_size(64)
fn remainder(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.count) { return; }
  store(i, remainderAt(i));
}

// result = x + damping · D⁻¹ (b − A x): the second half of the smoothing, and the first where a level goes on
@compute @workgroup_size(64)
fn relax(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.count) { return; }
  store(i, vectorOfX(i) + damping * symmetric(6u, i, remainderAt(i)));
}
