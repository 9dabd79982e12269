// Finest level of the depth integrator: one thread a pixel of the crop. See core/cpu/complete-depth/prepare.ts for
// the energy and operator.ts for the quadratic form. Residuals are sums of edge fluxes, each computed alike on both
// sides: assembled rows would lose weakly tied regions to float32 rounding.
// A state is (u, w_x, w_y, 0) a pixel. OUT = 0, KNOWN = 1 (u fixed), FREE = 2.

struct Params {
  width: u32,
  height: u32,
  // Pixels whose x + y has this parity are relaxed.
  colour: u32,
  // 1: no state yet, all residuals count as 0.
  first: u32,
  epsilon: f32,
  alpha: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
// guideX, guideY, lean, role
@group(0) @binding(1) var<storage, read> fixedWeights: array<vec4f>;
// aX, aY, bX, bY of the edges to the right and the lower neighbour
@group(0) @binding(2) var<storage, read_write> edges: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> lean: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> b: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> result: array<vec4f>;

const TIE = 1e-10;

fn robust(v2: f32) -> f32 {
  return params.epsilon * inverseSqrt(v2 + params.epsilon * params.epsilon);
}

@compute @workgroup_size(16, 16)
fn reweight(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  let fixedWeight = fixedWeights[i];
  var first = vec2f(1.0);
  var second = vec2f(1.0);
  var slope = 1.0;
  if (params.first == 0u) {
    let s = x[i];
    slope = robust(dot(s.yz, s.yz));
    if (fixedWeight.x > 0.0) {
      let t = x[i + 1u];
      let r = t.x - s.x - 0.5 * (s.y + t.y);
      let d = t.yz - s.yz;
      first.x = robust(r * r);
      second.x = robust(dot(d, d));
    }
    if (fixedWeight.y > 0.0) {
      let t = x[i + params.width];
      let r = t.x - s.x - 0.5 * (s.z + t.z);
      let d = t.yz - s.yz;
      first.y = robust(r * r);
      second.y = robust(dot(d, d));
    }
  }
  edges[i] = vec4f(fixedWeight.xy * first, params.alpha * fixedWeight.xy * second);
  lean[i] = select(TIE + fixedWeight.z * slope, 0.0, fixedWeight.w == 0.0);
}

// A x at a pixel, without masking fixed rows.
fn rowOf(i: u32, px: u32, py: u32) -> vec3f {
  let s = x[i];
  var out = vec3f(0.0, lean[i] * s.y, lean[i] * s.z);
  let e = edges[i];
  if (e.x > 0.0) {
    let t = x[i + 1u];
    let f = e.x * (t.x - s.x - 0.5 * (s.y + t.y));
    out -= vec3f(f, 0.5 * f, 0.0) + vec3f(0.0, e.z * (t.yz - s.yz));
  }
  if (e.y > 0.0) {
    let t = x[i + params.width];
    let f = e.y * (t.x - s.x - 0.5 * (s.z + t.z));
    out -= vec3f(f, 0.0, 0.5 * f) + vec3f(0.0, e.w * (t.yz - s.yz));
  }
  if (px > 0u) {
    let c = edges[i - 1u];
    if (c.x > 0.0) {
      let t = x[i - 1u];
      let f = c.x * (s.x - t.x - 0.5 * (t.y + s.y));
      out += vec3f(f, -0.5 * f, 0.0) + vec3f(0.0, c.z * (s.yz - t.yz));
    }
  }
  if (py > 0u) {
    let c = edges[i - params.width];
    if (c.y > 0.0) {
      let t = x[i - params.width];
      let f = c.y * (s.x - t.x - 0.5 * (t.z + s.z));
      out += vec3f(f, 0.0, -0.5 * f) + vec3f(0.0, c.w * (s.yz - t.yz));
    }
  }
  return out;
}

fn mask(row: vec3f, role: f32) -> vec4f {
  if (role == 0.0) { return vec4f(0.0); }
  return vec4f(select(0.0, row.x, role == 2.0), row.yz, 0.0);
}

// result = A x
@compute @workgroup_size(16, 16)
fn applyTo(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = mask(rowOf(i, id.x, id.y), fixedWeights[i].w);
}

// result = −A x, what a solve begins with: the right side is 0, known values pull through their edges
@compute @workgroup_size(16, 16)
fn firstResidual(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = -mask(rowOf(i, id.x, id.y), fixedWeights[i].w);
}

// result = b − A x
@compute @workgroup_size(16, 16)
fn remainder(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + id.x;
  result[i] = b[i] - mask(rowOf(i, id.x, id.y), fixedWeights[i].w);
}

// One colour of a block Gauss–Seidel sweep for A x = b; one thread a pixel of that colour.
@compute @workgroup_size(16, 16)
fn relax(@builtin(global_invocation_id) id: vec3u) {
  let px = 2u * id.x + ((id.y + params.colour) & 1u);
  if (px >= params.width || id.y >= params.height) { return; }
  let i = id.y * params.width + px;
  let role = fixedWeights[i].w;
  if (role == 0.0) { return; }
  var r = b[i].xyz;
  var uu = 0.0;
  var across = vec2f(0.0);
  var ww = vec2f(lean[i]);
  let e = edges[i];
  if (e.x > 0.0) {
    let t = x[i + 1u];
    let f = e.x * (t.x - 0.5 * t.y);
    r += vec3f(f, 0.5 * f, 0.0) + vec3f(0.0, e.z * t.yz);
    uu += e.x;
    across.x += 0.5 * e.x;
    ww += vec2f(0.25 * e.x + e.z, e.z);
  }
  if (e.y > 0.0) {
    let t = x[i + params.width];
    let f = e.y * (t.x - 0.5 * t.z);
    r += vec3f(f, 0.0, 0.5 * f) + vec3f(0.0, e.w * t.yz);
    uu += e.y;
    across.y += 0.5 * e.y;
    ww += vec2f(e.w, 0.25 * e.y + e.w);
  }
  if (px > 0u) {
    let c = edges[i - 1u];
    if (c.x > 0.0) {
      let t = x[i - 1u];
      let f = c.x * (t.x + 0.5 * t.y);
      r += vec3f(f, -0.5 * f, 0.0) + vec3f(0.0, c.z * t.yz);
      uu += c.x;
      across.x -= 0.5 * c.x;
      ww += vec2f(0.25 * c.x + c.z, c.z);
    }
  }
  if (id.y > 0u) {
    let c = edges[i - params.width];
    if (c.y > 0.0) {
      let t = x[i - params.width];
      let f = c.y * (t.x + 0.5 * t.z);
      r += vec3f(f, 0.0, -0.5 * f) + vec3f(0.0, c.w * t.yz);
      uu += c.y;
      across.y -= 0.5 * c.y;
      ww += vec2f(c.w, 0.25 * c.y + c.w);
    }
  }
  if (role == 1.0) {
    x[i] = vec4f(0.0, r.yz / ww, 0.0);
  } else if (uu > 0.0) {
    // The block is an arrow: eliminate both slopes, then u.
    let back = across / ww;
    let u = (r.x - dot(back, r.yz)) / (uu - dot(back, across));
    x[i] = vec4f(u, (r.yz - across * u) / ww, 0.0);
  }
}

// x = 0, before the first sweep
@compute @workgroup_size(16, 16)
fn clear(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.width || id.y >= params.height) { return; }
  x[id.y * params.width + id.x] = vec4f(0.0);
}
