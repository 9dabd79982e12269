// Galerkin coarsening of the depth integrator (see core/cpu/complete-depth/hierarchy.ts): one thread a coarse cell
// gathers its 2×2 children. Prepended to it is where children come from: complete-depth-children-fine.wgsl (the edge
// coefficients of the finest level) or complete-depth-children-blocks.wgsl (the blocks of a coarse level). Those
// declare `Params`, `params`, `childDiagonal(i, px, py)`, `childRight(i)` and `childDown(i)`.

// Symmetric diagonal: (uu, ux, uy, xx), (xy, yy, 0, 0); its inverse likewise.
@group(0) @binding(1) var<storage, read_write> diagonal: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> inverse: array<vec4f>;
// Coupling to the right and the lower cell, 3 columns each; rows belong to this cell.
@group(0) @binding(3) var<storage, read_write> right: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> down: array<vec4f>;

// Prolongation to a child at this offset from the cell's centre (columns of u, w_x, w_y).
fn plane(offset: vec2f) -> mat3x3f {
  return mat3x3f(vec3f(1.0, 0.0, 0.0), vec3f(offset.x, 1.0, 0.0), vec3f(offset.y, 0.0, 1.0));
}

fn invert(i: u32, d: mat3x3f) {
  var a = vec4f(0.0);
  var c = vec2f(0.0);
  let xx = d[1][1];
  let yy = d[2][2];
  let xy = d[2][1];
  if (xx > 0.0 && yy > 0.0) {
    // Schur complements, with pivots kept from vanishing in float32.
    let m = max(xx * yy - xy * xy, 1e-6 * xx * yy);
    let ww = vec3f(yy, -xy, xx) / m;
    if (d[0][0] > 0.0) {
      let ux = d[1][0];
      let uy = d[2][0];
      let gx = ww.x * ux + ww.y * uy;
      let gy = ww.y * ux + ww.z * uy;
      let schur = max(d[0][0] - ux * gx - uy * gy, 1e-6 * d[0][0]);
      let s = 1.0 / schur;
      a = vec4f(s, -s * gx, -s * gy, ww.x + s * gx * gx);
      c = vec2f(ww.y + s * gx * gy, ww.z + s * gy * gy);
    } else {
      a.w = ww.x;
      c = ww.yz;
    }
  }
  inverse[2u * i] = a;
  inverse[2u * i + 1u] = vec4f(c, 0.0, 0.0);
}

@compute @workgroup_size(8, 8)
fn coarsen(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.coarseWidth || id.y >= params.coarseHeight) { return; }
  let h = params.childOffset;
  var own = mat3x3f();
  var toRight = mat3x3f();
  var toDown = mat3x3f();
  for (var k = 0u; k < 4u; k++) {
    let p = 2u * id.xy + vec2u(k & 1u, k >> 1u);
    if (p.x >= params.width || p.y >= params.height) { continue; }
    let i = p.y * params.width + p.x;
    let odd = vec2f(f32(k & 1u), f32(k >> 1u));
    let offset = (2.0 * odd - 1.0) * h;
    let lift = transpose(plane(offset));
    own += lift * childDiagonal(i, p.x, p.y) * plane(offset);
    if (p.x + 1u < params.width) {
      let m = lift * childRight(i) * plane(vec2f(-offset.x, offset.y));
      if (odd.x == 0.0) { own += m + transpose(m); } else { toRight += m; }
    }
    if (p.y + 1u < params.height) {
      let m = lift * childDown(i) * plane(vec2f(offset.x, -offset.y));
      if (odd.y == 0.0) { own += m + transpose(m); } else { toDown += m; }
    }
  }
  let c = id.y * params.coarseWidth + id.x;
  diagonal[2u * c] = vec4f(own[0], own[1][1]);
  diagonal[2u * c + 1u] = vec4f(own[2][1], own[2][2], 0.0, 0.0);
  invert(c, own);
  for (var k = 0u; k < 3u; k++) {
    right[3u * c + k] = vec4f(toRight[k], 0.0);
    down[3u * c + k] = vec4f(toDown[k], 0.0);
  }
}
