// The depth integrator's operator on the finest level, for modules that declare `fn stateAt(i: u32) -> vec3f`.

struct Params {
  width: u32,
  height: u32,
  // 1: states take the first coarse level's answer on top.
  corrected: u32,
  // Coarse nodes (complete-depth-down-fine.wgsl).
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// aX, aY, bX, bY of the edges to the right and the lower neighbour
@group(0) @binding(1) var<storage, read> edges: array<vec4f>;
// lean, role
@group(0) @binding(2) var<storage, read> pixels: array<vec2f>;

const OUT = 0.0;
const KNOWN = 1.0;
const FREE = 2.0;

// A x at a pixel, s = its own state, without masking fixed rows.
fn rowOf(i: u32, px: u32, py: u32, s: vec3f) -> vec3f {
  var out = vec3f(0.0, pixels[i].x * s.yz);
  let e = edges[i];
  if (e.x > 0.0) {
    let t = stateAt(i + 1u);
    let f = e.x * (t.x - s.x - 0.5 * (s.y + t.y));
    out -= vec3f(f, 0.5 * f, 0.0) + vec3f(0.0, e.z * (t.yz - s.yz));
  }
  if (e.y > 0.0) {
    let t = stateAt(i + params.width);
    let f = e.y * (t.x - s.x - 0.5 * (s.z + t.z));
    out -= vec3f(f, 0.0, 0.5 * f) + vec3f(0.0, e.w * (t.yz - s.yz));
  }
  if (px > 0u) {
    let c = edges[i - 1u];
    if (c.x > 0.0) {
      let t = stateAt(i - 1u);
      let f = c.x * (s.x - t.x - 0.5 * (t.y + s.y));
      out += vec3f(f, -0.5 * f, 0.0) + vec3f(0.0, c.z * (s.yz - t.yz));
    }
  }
  if (py > 0u) {
    let c = edges[i - params.width];
    if (c.y > 0.0) {
      let t = stateAt(i - params.width);
      let f = c.y * (s.x - t.x - 0.5 * (t.z + s.z));
      out += vec3f(f, 0.0, -0.5 * f) + vec3f(0.0, c.w * (s.yz - t.yz));
    }
  }
  return out;
}

// Rows of fixed values are 0: u of known pixels, all of pixels that are out.
fn mask(row: vec3f, i: u32) -> vec3f {
  let role = pixels[i].y;
  if (role == OUT) { return vec3f(0.0); }
  return vec3f(select(0.0, row.x, role == FREE), row.yz);
}
