// A coarse level of the depth integrator (core/cpu/complete-depth/level.ts): one thread a node.
// The first half of its smoothing, x = damping · D⁻¹ b, is never stored: whoever needs it has b.

struct Params {
  count: u32,
  // Nodes of the next level; 0 where this is the last.
  coarseCount: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// A node's diagonal block uu ux uy xx | xy yy and its inverse uu ux | uy xx xy yy.
@group(0) @binding(1) var<storage, read> rows: array<vec4f>;
// An edge's block, three rows.
@group(0) @binding(2) var<storage, read> across: array<vec4f>;
// Where each node's list begins (count + 1 numbers), then its edges: 2 × edge + (1 at the far end), other node.
@group(0) @binding(3) var<storage, read> beside: array<u32>;
@group(0) @binding(4) var<storage, read> b: array<vec4f>;
// Of each node here: offset from its parent's centre and the parent's number (bits).
@group(0) @binding(5) var<storage, read> links: array<vec4f>;
// down: lists of the next level's nodes. up: unused.
@group(0) @binding(6) var<storage, read> children: array<u32>;
// down: unused. up: answer of the next level.
@group(0) @binding(7) var<storage, read> coarse: array<vec4f>;
// down: b of the next level. up: this level's answer.
@group(0) @binding(8) var<storage, read_write> result: array<vec4f>;

override damping: f32;
override overcorrection: f32;

fn inverseTimes(i: u32, r: vec3f) -> vec3f {
  let m = rows[3u * i + 1u].zw;
  let n = rows[3u * i + 2u];
  return vec3f(
    m.x * r.x + m.y * r.y + n.x * r.z,
    m.y * r.x + n.y * r.y + n.z * r.z,
    n.x * r.x + n.z * r.y + n.w * r.z,
  );
}

fn diagonalTimes(i: u32, s: vec3f) -> vec3f {
  let d = rows[3u * i];
  let e = rows[3u * i + 1u].xy;
  return vec3f(
    dot(d.xyz, s),
    d.y * s.x + d.w * s.y + e.x * s.z,
    d.z * s.x + e.x * s.y + e.y * s.z,
  );
}

fn smoothed(i: u32) -> vec3f { return damping * inverseTimes(i, b[i].xyz); }

fn corrected(i: u32) -> vec3f {
  let s = smoothed(i);
  if (params.coarseCount == 0u) { return s; }
  let link = links[i];
  let c = overcorrection * coarse[bitcast<u32>(link.z)].xyz;
  return s + vec3f(c.x + dot(link.xy, c.yz), c.yz);
}

// The coupling with another node, M s or Mᵀ s.
fn coupling(code: u32, s: vec3f) -> vec3f {
  let k = 3u * (code >> 1u);
  let m0 = across[k].xyz;
  let m1 = across[k + 1u].xyz;
  let m2 = across[k + 2u].xyz;
  if ((code & 1u) == 0u) { return vec3f(dot(m0, s), dot(m1, s), dot(m2, s)); }
  return m0 * s.x + m1 * s.y + m2 * s.z;
}

// coarse b = Pᵀ (b − A x); one thread a node of the next level
@compute @workgroup_size(64)
fn down(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let p = id.y * groups.x * 64u + id.x;
  if (p >= params.coarseCount) { return; }
  var sum = vec3f(0.0);
  for (var c = children[p]; c < children[p + 1u]; c++) {
    let i = children[params.coarseCount + 1u + c];
    var r = b[i].xyz - diagonalTimes(i, smoothed(i));
    for (var k = beside[i]; k < beside[i + 1u]; k++) {
      let at = params.count + 1u + 2u * k;
      r -= coupling(beside[at], smoothed(beside[at + 1u]));
    }
    sum += vec3f(r.x, r.yz + links[i].xy * r.x);
  }
  result[p] = vec4f(sum, 0.0);
}

// answer = y + damping · D⁻¹ (b − A y), y = x + P coarse
@compute @workgroup_size(64)
fn up(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.count) { return; }
  let y = corrected(i);
  var r = b[i].xyz - diagonalTimes(i, y);
  for (var k = beside[i]; k < beside[i + 1u]; k++) {
    let at = params.count + 1u + 2u * k;
    r -= coupling(beside[at], corrected(beside[at + 1u]));
  }
  result[i] = vec4f(y + damping * inverseTimes(i, r), 0.0);
}
