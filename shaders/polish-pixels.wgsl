// `blend`: one invocation a pixel, a workgroup a tile of 8 × 8. It blends its tile's list front to back, compares, and walks the
// list back, leaving for each new splat in its tile (a slot) its weight and the loss' derivative by its light.
// `gather`: one invocation a slot; it adds these up over the tile's pixels. No atomics: the same sums in the same order every time.
// CPU twin: core/cpu/polish/blend.ts.

const NO_SLOT = 0xffffffffu;
const WANTED = 5u;

struct Params {
  tile_count: u32,
  slot_count: u32,
  depth_weight: f32,
}

override min_alpha: f32;
override max_alpha: f32;
override min_transmittance: f32;

@group(0) @binding(0) var<uniform> params: Params;
// Corner in the picture, and the run of entries.
@group(0) @binding(1) var<storage, read> tiles: array<vec4u>;
@group(0) @binding(2) var<storage, read> records: array<Splat2D>;
// Record and slot.
@group(0) @binding(3) var<storage, read> entries: array<vec2u>;
// Red, green, blue, one over the depth, weight a pixel of each tile.
@group(0) @binding(4) var<storage, read> wanted: array<f32>;
// Record and tile of each slot.
@group(0) @binding(5) var<storage, read> slots: array<vec2u>;
// 64 a slot: weight, and the derivative by the logarithm of the opacity.
@group(0) @binding(6) var<storage, read_write> shares: array<vec2f>;
// 64 a tile: the loss' derivative by red, green, blue and depth error.
@group(0) @binding(7) var<storage, read_write> slopes: array<vec4f>;
// SUMS a slot.
@group(0) @binding(8) var<storage, read_write> sums: array<f32>;

// A record's opacity at a way from its centre, before the clamp.
fn light_at(s: Splat2D, d: vec2f) -> f32 {
  let b = s.l22 * d.y;
  let a = s.l11 * d.x + s.l21 * d.y;
  return s.opacity * exp(-0.5 * (a * a + b * b));
}

fn inverse_depth(s: Splat2D, d: vec2f) -> f32 {
  return clamp(s.rho + s.rho_dx * d.x + s.rho_dy * d.y, s.rho_min, s.rho_max);
}

// Colour and relative depth error.
fn shown(s: Splat2D, d: vec2f, inverse_wanted: f32) -> vec4f {
  let away = select(0.0, inverse_wanted / inverse_depth(s, d) - 1.0, inverse_wanted > 0.0);
  return vec4f(s.red, s.green, s.blue, away);
}

@compute @workgroup_size(64)
fn blend(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) pixel: u32,
) {
  let t = group.y * groups.x + group.x;
  if (t >= params.tile_count) {
    return;
  }
  let tile = tiles[t];
  let centre = vec2f(tile.xy + vec2u(pixel % 8u, pixel / 8u)) + 0.5;
  let goal = (t * 64u + pixel) * WANTED;
  let inverse_wanted = wanted[goal + 3u];
  let weight = wanted[goal + 4u];
  var through = select(0.0, 1.0, weight > 0.0);
  var light = vec4f();
  var last = tile.z;
  while (last < tile.w && through >= min_transmittance) {
    let s = records[entries[last].x];
    let d = centre - vec2f(s.u, s.v);
    let gauss = min(max_alpha, light_at(s, d));
    if (gauss >= min_alpha) {
      light += gauss * through * shown(s, d, inverse_wanted);
      through *= 1.0 - gauss;
    }
    last++;
  }
  let goals = vec4f(wanted[goal], wanted[goal + 1u], wanted[goal + 2u], 0.0);
  let slope = weight * vec4f(vec3f(1.0 / 3.0), params.depth_weight) * sign(light - goals);
  slopes[t * 64u + pixel] = slope;

  var behind = 0.0;
  for (var e = tile.w; e > tile.z; e--) {
    let entry = entries[e - 1u];
    var share = vec2f();
    if (e <= last) {
      let s = records[entry.x];
      let d = centre - vec2f(s.u, s.v);
      let gauss = light_at(s, d);
      let alpha = min(max_alpha, gauss);
      if (alpha >= min_alpha) {
        let before = through / (1.0 - alpha);
        let own = dot(slope, shown(s, d, inverse_wanted));
        let by_light = alpha * (before * own - behind / (1.0 - alpha));
        share = vec2f(alpha * before, select(by_light, 0.0, gauss >= max_alpha));
        behind += alpha * before * own;
        through = before;
      }
    }
    if (entry.y != NO_SLOT) {
      shares[entry.y * 64u + pixel] = share;
    }
  }
}

@compute @workgroup_size(64)
fn gather(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let slot = flat_index(group, groups, thread);
  if (slot >= params.slot_count) {
    return;
  }
  let s = records[slots[slot].x];
  let t = slots[slot].y;
  var by_light = 0.0;
  var by_centre = vec2f();
  var by_covariance = vec3f();
  var by_shown = vec4f();
  for (var pixel = 0u; pixel < 64u; pixel++) {
    let share = shares[slot * 64u + pixel];
    if (share.x == 0.0) {
      continue;
    }
    let d = vec2f(tiles[t].xy + vec2u(pixel % 8u, pixel / 8u)) + 0.5 - vec2f(s.u, s.v);
    let slope = slopes[t * 64u + pixel];
    let by_depth = share.x * slope.w * wanted[(t * 64u + pixel) * WANTED + 3u];
    let inverse = inverse_depth(s, d);
    by_shown += vec4f(share.x * slope.xyz, by_depth * s.rho / inverse);
    if (inverse > s.rho_min && inverse < s.rho_max) {
      by_centre += by_depth / (inverse * inverse) * vec2f(s.rho_dx, s.rho_dy);
    }
    let b = s.l22 * d.y;
    let a = s.l11 * d.x + s.l21 * d.y;
    let e = vec2f(s.l11 * a, s.l21 * a + s.l22 * b);
    by_light += share.y;
    by_centre += share.y * e;
    by_covariance += share.y * vec3f(0.5 * e.x * e.x, e.x * e.y, 0.5 * e.y * e.y);
  }
  let o = slot * SUMS;
  sums[o] = by_light;
  sums[o + 1u] = by_centre.x;
  sums[o + 2u] = by_centre.y;
  sums[o + 3u] = by_covariance.x;
  sums[o + 4u] = by_covariance.y;
  sums[o + 5u] = by_covariance.z;
  sums[o + 6u] = by_shown.x;
  sums[o + 7u] = by_shown.y;
  sums[o + 8u] = by_shown.z;
  sums[o + 9u] = by_shown.w;
}
