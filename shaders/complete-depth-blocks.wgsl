// A coarse level of the depth integrator: smoothing, residual with restriction, prolongation. Layouts as in
// complete-depth-galerkin.wgsl. One thread a cell.

struct Params {
  width: u32,
  height: u32,
  coarseWidth: u32,
  coarseHeight: u32,
  // Offset of this level's cells from the next one's centres, in finest pixels.
  childOffset: f32,
  colour: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> diagonal: array<vec4f>;
@group(0) @binding(2) var<storage, read> inverse: array<vec4f>;
@group(0) @binding(3) var<storage, read> right: array<vec4f>;
@group(0) @binding(4) var<storage, read> down: array<vec4f>;
@group(0) @binding(5) var<storage, read> b: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> x: array<vec4f>;
// The next level's b (restriction writes) or x (prolongation reads).
@group(0) @binding(7) var<storage, read_write> coarse: array<vec4f>;

// Σ over the four neighbours of their coupling × x
fn neighbours(i: u32, px: u32, py: u32) -> vec3f {
  var sum = vec3f(0.0);
  if (px + 1u < params.width) {
    let t = x[i + 1u].xyz;
    let k = 3u * i;
    sum += right[k].xyz * t.x + right[k + 1u].xyz * t.y + right[k + 2u].xyz * t.z;
  }
  if (py + 1u < params.height) {
    let t = x[i + params.width].xyz;
    let k = 3u * i;
    sum += down[k].xyz * t.x + down[k + 1u].xyz * t.y + down[k + 2u].xyz * t.z;
  }
  if (px > 0u) {
    let t = x[i - 1u].xyz;
    let k = 3u * (i - 1u);
    sum += vec3f(dot(right[k].xyz, t), dot(right[k + 1u].xyz, t), dot(right[k + 2u].xyz, t));
  }
  if (py > 0u) {
    let t = x[i - params.width].xyz;
    let k = 3u * (i - params.width);
    sum += vec3f(dot(down[k].xyz, t), dot(down[k + 1u].xyz, t), dot(down[k + 2u].xyz, t));
  }
  return sum;
}

fn symmetric(a: vec4f, c: vec4f, v: vec3f) -> vec3f {
  return vec3f(
    dot(a.xyz, v),
    a.y * v.x + a.w * v.y + c.x * v.z,
    a.z * v.x + c.x * v.y + c.y * v.z,
  );
}

// One colour of a block Gauss–Seidel sweep; one thread a cell of that colour.
@compute @workgroup_size(8, 8)
fn relax(@builtin(global_invocation_id) id: vec3u) {
  let px = 2u * id.x + ((id.y + params.colour) & 1u);
  if (px >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + px;
  let r = b[i].xyz - neighbours(i, px, id.y);
  x[i] = vec4f(symmetric(inverse[2u * i], inverse[2u * i + 1u], r), 0.0);
}

// coarse = Pᵀ (b − A x); one thread a cell of the next level
@compute @workgroup_size(8, 8)
fn restrictResidual(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.coarseWidth || id.y >= params.coarseHeight) { return; }
  var sum = vec3f(0.0);
  for (var k = 0u; k < 4u; k++) {
    let p = 2u * id.xy + vec2u(k & 1u, k >> 1u);
    if (p.x >= params.width || p.y >= params.height) { continue; }
    let i = p.y * params.width + p.x;
    let own = symmetric(diagonal[2u * i], diagonal[2u * i + 1u], x[i].xyz);
    let r = b[i].xyz - own - neighbours(i, p.x, p.y);
    let offset = (2.0 * vec2f(f32(k & 1u), f32(k >> 1u)) - 1.0) * params.childOffset;
    sum += vec3f(r.x, r.yz + offset * r.x);
  }
  coarse[id.y * params.coarseWidth + id.x] = vec4f(sum, 0.0);
}

// x += P coarse
@compute @workgroup_size(8, 8)
fn prolong(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let c = coarse[(id.y >> 1u) * params.coarseWidth + (id.x >> 1u)].xyz;
  let offset = (2.0 * vec2f(f32(id.x & 1u), f32(id.y & 1u)) - 1.0) * params.childOffset;
  x[id.y * params.width + id.x] += vec4f(c.x + dot(offset, c.yz), c.yz, 0.0);
}

// x = 0, before the first sweep
@compute @workgroup_size(8, 8)
fn clear(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  x[id.y * params.width + id.x] = vec4f(0.0);
}
