// Between two levels of the depth integrator (core/cpu/complete-depth/level.ts), in planes as everywhere.

struct Params {
  // Nodes of the finer level (the finest: pixels of the crop) and of the coarser one.
  finer: u32,
  coarser: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Planes of the finer nodes: offset from the parent's centre in x and y, 1 where u takes corrections (0: known, out).
@group(0) @binding(1) var<storage, read> links: array<f32>;
// Parent of each finer node (a pixel that is out: coarser), then, per coarser node, where its list of finer nodes
// begins (coarser + 1 numbers), then the lists.
@group(0) @binding(2) var<storage, read> tree: array<u32>;
// down: remainder of the finer level; up: answer of the coarser one.
@group(0) @binding(3) var<storage, read> source: array<f32>;
// down: rows of the coarser level, as in complete-depth-level.wgsl.
@group(0) @binding(4) var<storage, read> rows: array<f32>;
// down: b of the coarser level; up: state of the finer one.
@group(0) @binding(5) var<storage, read_write> result: array<f32>;
// down: state of the coarser level.
@group(0) @binding(6) var<storage, read_write> smoothed: array<f32>;

override damping: f32;

// b = Pᵀ remainder, and the first half of the coarser level's smoothing, x = damping · D⁻¹ b; one thread a coarser node
@compute @workgroup_size(64)
fn down(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let p = id.y * groups.x * 64u + id.x;
  let m = params.coarser;
  let n = params.finer;
  if (p >= m) { return; }
  var sum = vec3f(0.0);
  for (var k = tree[n + p]; k < tree[n + p + 1u]; k++) {
    let i = tree[n + m + 1u + k];
    let u = source[i];
    sum += vec3f(u, source[n + i] + links[i] * u, source[2u * n + i] + links[n + i] * u);
  }
  result[p] = sum.x;
  result[m + p] = sum.y;
  result[2u * m + p] = sum.z;
  let k = 6u * m + p;
  let ux = rows[k + m];
  let uy = rows[k + 2u * m];
  let xy = rows[k + 4u * m];
  smoothed[p] = damping * (rows[k] * sum.x + ux * sum.y + uy * sum.z);
  smoothed[m + p] = damping * (ux * sum.x + rows[k + 3u * m] * sum.y + xy * sum.z);
  smoothed[2u * m + p] = damping * (uy * sum.x + xy * sum.y + rows[k + 5u * m] * sum.z);
}

// x += P answer; one thread a finer node
@compute @workgroup_size(64)
fn up(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  let m = params.coarser;
  let n = params.finer;
  if (i >= n) { return; }
  let p = tree[i];
  if (p >= m) { return; }
  let w = vec2f(source[m + p], source[2u * m + p]);
  let u = source[p] + links[i] * w.x + links[n + i] * w.y;
  result[i] += links[2u * n + i] * u;
  result[n + i] += w.x;
  result[2u * n + i] += w.y;
}
