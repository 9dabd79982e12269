// Children of the first coarse level: pixels, from their edge coefficients. Goes before complete-depth-galerkin.wgsl.

struct Params {
  width: u32,
  height: u32,
  coarseWidth: u32,
  coarseHeight: u32,
  childOffset: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> fixedWeights: array<vec4f>;
@group(0) @binding(6) var<storage, read> edges: array<vec4f>;
@group(0) @binding(7) var<storage, read> lean: array<f32>;

// u of known pixels is fixed: its row and column are 0.
fn childDiagonal(i: u32, px: u32, py: u32) -> mat3x3f {
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
  let bend = e.z + e.w + before.z + before.w + lean[i];
  let free = select(0.0, 1.0, fixedWeights[i].w == 2.0);
  let uu = free * (e.x + e.y + before.x + before.y);
  let uw = free * 0.5 * (e.xy - before.xy);
  let ww = 0.25 * (e.xy + before.xy) + bend;
  return mat3x3f(vec3f(uu, uw), vec3f(uw.x, ww.x, 0.0), vec3f(uw.y, 0.0, ww.y));
}

fn coupling(a: f32, bend: f32, axis: vec2f, rowRole: f32, columnRole: f32) -> mat3x3f {
  let row = select(0.0, 1.0, rowRole == 2.0);
  let column = select(0.0, 1.0, columnRole == 2.0);
  let w = 0.25 * a * axis - vec2f(bend);
  let up = row * 0.5 * a * axis;
  return mat3x3f(
    column * vec3f(-row * a, -0.5 * a * axis),
    vec3f(up.x, w.x, 0.0),
    vec3f(up.y, 0.0, w.y),
  );
}

fn childRight(i: u32) -> mat3x3f {
  let e = edges[i];
  return coupling(e.x, e.z, vec2f(1.0, 0.0), fixedWeights[i].w, fixedWeights[i + 1u].w);
}

fn childDown(i: u32) -> mat3x3f {
  let e = edges[i];
  return coupling(e.y, e.w, vec2f(0.0, 1.0), fixedWeights[i].w, fixedWeights[i + params.width].w);
}
