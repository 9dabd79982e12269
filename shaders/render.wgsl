// Composites projected splats, front to back. An invocation blends a strip of 4 × 1 pixels, 2 × 8 of them an
// 8 × 8 tile, 4 tiles a workgroup; each walks its tile's list straight from storage, without barriers.
// CPU twin: core/cpu/render/composite.ts. Put after common/splat-2d.wgsl.
//
// Measured (`npm run bench -- render --splats 100000,300000 --sizes 640x480 --runs 2 --quads`, SwiftShader on 2
// busy cores, seconds of processor time a picture for 100k and 300k splats, CPU plan included):
//   this kernel                                        1.5  2.2
//   one invocation a pixel                             3.0  4.4
//   sorted quads, "under" blending, two rgba32float   10.2 27.9   (no exact median, no early stop)
//   CPU twin                                           0.7  1.1

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
  // The tiles of this dispatch: [first_tile, end_tile).
  first_tile: u32,
  end_tile: u32,
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

// What a pixel of the strip is while it is blended: lane k is the strip's k-th pixel.
fn strip_state(at: vec4u, inside: vec4<bool>, k: u32) -> PixelState {
  // A pixel outside the region is full from the start.
  if (inside[k]) {
    return pixels[at[k]];
  }
  return PixelState(vec4f(), vec4f());
}

@compute @workgroup_size(2, 8, 4)
fn composite(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let tile = params.first_tile + group.x * 4u + local.z;
  if (tile >= params.end_tile) {
    return;
  }
  let x = (tile % params.columns + params.column0) * 8u + local.x * 4u;
  let y = (tile / params.columns + params.row0) * 8u + local.y;
  if (y < params.y0 || y >= params.y1) {
    return;
  }
  let xs = vec4u(x) + vec4u(0u, 1u, 2u, 3u);
  let inside = (xs >= vec4u(params.x0)) & (xs < vec4u(params.x1));
  let at = vec4u((y - params.y0) * (params.x1 - params.x0)) + xs - vec4u(params.x0);
  let p0 = strip_state(at, inside, 0u);
  let p1 = strip_state(at, inside, 1u);
  let p2 = strip_state(at, inside, 2u);
  let p3 = strip_state(at, inside, 3u);
  var through = vec4f(p0.light.x, p1.light.x, p2.light.x, p3.light.x);
  var red = vec4f(p0.light.y, p1.light.y, p2.light.y, p3.light.y);
  var green = vec4f(p0.light.z, p1.light.z, p2.light.z, p3.light.z);
  var blue = vec4f(p0.light.w, p1.light.w, p2.light.w, p3.light.w);
  var depth_sum = vec4f(p0.geometry.x, p1.geometry.x, p2.geometry.x, p3.geometry.x);
  var marked = vec4f(p0.geometry.y, p1.geometry.y, p2.geometry.y, p3.geometry.y);
  var median = vec4f(p0.geometry.z, p1.geometry.z, p2.geometry.z, p3.geometry.z);
  let centre_x = vec4f(xs) + 0.5;
  let centre_y = f32(y) + 0.5;

  let end = starts[tile + 1u];
  for (var e = starts[tile]; e < end; e++) {
    let i = entries[e];
    let dy = centre_y - splats[i].v;
    let b = splats[i].l22 * dy;
    // A little beyond the cutoff: the alpha test decides, as on the CPU.
    let cutoff = splats[i].cutoff + 0.01;
    if (b * b > cutoff) {
      continue;
    }
    let dx = centre_x - splats[i].u;
    let a = splats[i].l11 * dx + splats[i].l21 * dy;
    let distance2 = a * a + b * b;
    if (all(distance2 > vec4f(cutoff))) {
      continue;
    }
    let s = splats[i];
    let gauss = min(vec4f(max_alpha), s.opacity * exp(-0.5 * distance2));
    let counts = (gauss >= vec4f(min_alpha)) & (through >= vec4f(min_transmittance));
    let weight = select(vec4f(), gauss, counts) * through;
    let left = through - weight;
    let rho = vec4f(s.rho + s.rho_dy * dy) + s.rho_dx * dx;
    let depth = 1.0 / clamp(rho, vec4f(s.rho_min), vec4f(s.rho_max));
    red += weight * s.red;
    green += weight * s.green;
    blue += weight * s.blue;
    depth_sum += weight * depth;
    marked += weight * s.marked;
    median = select(median, depth, (through > vec4f(0.5)) & (left <= vec4f(0.5)));
    through = left;
    if (all(through < vec4f(min_transmittance))) {
      break;
    }
  }
  var open = 0u;
  for (var k = 0u; k < 4u; k++) {
    if (inside[k]) {
      pixels[at[k]] = PixelState(
        vec4f(through[k], red[k], green[k], blue[k]),
        vec4f(depth_sum[k], marked[k], median[k], 0.0),
      );
      open += select(0u, 1u, through[k] >= min_transmittance);
    }
  }
  if (open > 0u) {
    atomicAdd(&open_pixels[tile], open);
  }
}
