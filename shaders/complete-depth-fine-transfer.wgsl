// Between the depth integrator's finest level and the first coarse one (see hierarchy.ts): the residual goes down,
// the correction comes up as the plane u + w·(p − centre), w.

struct Params {
  width: u32,
  height: u32,
  coarseWidth: u32,
  coarseHeight: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> fixedWeights: array<vec4f>;
@group(0) @binding(2) var<storage, read> residual: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> coarse: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4f>;

// coarse = Pᵀ residual; one thread a coarse cell
@compute @workgroup_size(16, 16)
fn restrictResidual(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.coarseWidth || id.y >= params.coarseHeight) { return; }
  var sum = vec3f(0.0);
  for (var k = 0u; k < 4u; k++) {
    let p = 2u * id.xy + vec2u(k & 1u, k >> 1u);
    if (p.x >= params.width || p.y >= params.height) { continue; }
    let r = residual[p.y * params.width + p.x].xyz;
    let offset = vec2f(f32(k & 1u), f32(k >> 1u)) - 0.5;
    sum += vec3f(r.x, r.yz + offset * r.x);
  }
  coarse[id.y * params.coarseWidth + id.x] = vec4f(sum, 0.0);
}

// x += P coarse; one thread a pixel
@compute @workgroup_size(16, 16)
fn prolong(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  let role = fixedWeights[i].w;
  if (role == 0.0) { return; }
  let c = coarse[(id.y >> 1u) * params.coarseWidth + (id.x >> 1u)].xyz;
  let offset = vec2f(f32(id.x & 1u), f32(id.y & 1u)) - 0.5;
  let u = select(0.0, c.x + dot(offset, c.yz), role == 2.0);
  x[i] += vec4f(u, c.yz, 0.0);
}
