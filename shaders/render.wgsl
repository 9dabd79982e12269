// Composites projected splats, front to back. One invocation a pixel, 8 × 8 pixels a workgroup and a tile;
// each walks its tile's list straight from storage, with no barrier: on SwiftShader barriers made a tile
// rasteriser 22 to 33 times slower than drawing. CPU twin: core/cpu/render/composite.ts.

// Field for field core/cpu/render/records.ts; test/gpu/render.test.ts compares the two.
struct Splat2D {
  u: f32,
  v: f32,
  l11: f32,
  l21: f32,
  l22: f32,
  opacity: f32,
  red: f32,
  green: f32,
  blue: f32,
  rho: f32,
  rho_dx: f32,
  rho_dy: f32,
  rho_min: f32,
  rho_max: f32,
  marked: f32,
  cutoff: f32,
}

struct Params {
  // Region in pixels, half open.
  x0: u32,
  y0: u32,
  x1: u32,
  y1: u32,
  // The tile grid: its first column and row in the picture, its columns.
  column0: u32,
  row0: u32,
  columns: u32,
  first_tile: u32,
}

// A pixel's state between batches, as in core/cpu/render/state.ts.
struct PixelState {
  // Transmittance, red, green, blue.
  light: vec4f,
  // Σ w·z, Σ w of marked splats, median depth, spare.
  geometry: vec4f,
}

override min_alpha: f32;
override max_alpha: f32;
override min_transmittance: f32;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> splats: array<Splat2D>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read> entries: array<u32>;
@group(0) @binding(4) var<storage, read_write> pixels: array<PixelState>;
// A tile's pixels that still let light through.
@group(0) @binding(5) var<storage, read_write> open_pixels: array<atomic<u32>>;

@compute @workgroup_size(8, 8)
fn composite(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let tile = params.first_tile + group.x;
  let x = (tile % params.columns + params.column0) * 8u + local.x;
  let y = (tile / params.columns + params.row0) * 8u + local.y;
  if (x < params.x0 || y < params.y0 || x >= params.x1 || y >= params.y1) {
    return;
  }
  let at = (y - params.y0) * (params.x1 - params.x0) + (x - params.x0);
  let pixel = pixels[at];
  var through = pixel.light.x;
  var colour = pixel.light.yzw;
  var depth_sum = pixel.geometry.x;
  var marked = pixel.geometry.y;
  var median = pixel.geometry.z;
  let centre = vec2f(f32(x) + 0.5, f32(y) + 0.5);

  let end = starts[tile + 1u];
  for (var e = starts[tile]; e < end && through >= min_transmittance; e++) {
    let s = entries[e];
    let d = centre - vec2f(splats[s].u, splats[s].v);
    let a = splats[s].l11 * d.x + splats[s].l21 * d.y;
    let b = splats[s].l22 * d.y;
    let distance2 = a * a + b * b;
    // A little beyond the cutoff: the alpha test decides, as on the CPU.
    if (distance2 > splats[s].cutoff + 0.01) {
      continue;
    }
    let alpha = min(max_alpha, splats[s].opacity * exp(-0.5 * distance2));
    if (alpha < min_alpha) {
      continue;
    }
    let weight = alpha * through;
    let left = through - weight;
    let rho = splats[s].rho + splats[s].rho_dx * d.x + splats[s].rho_dy * d.y;
    let depth = 1.0 / clamp(rho, splats[s].rho_min, splats[s].rho_max);
    colour += weight * vec3f(splats[s].red, splats[s].green, splats[s].blue);
    depth_sum += weight * depth;
    marked += weight * splats[s].marked;
    if (through > 0.5 && left <= 0.5) {
      median = depth;
    }
    through = left;
  }
  pixels[at] = PixelState(vec4f(through, colour), vec4f(depth_sum, marked, median, 0.0));
  if (through >= min_transmittance) {
    atomicAdd(&open_pixels[tile], 1u);
  }
}
