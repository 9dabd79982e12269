// Children of the second and every further coarse level: cells with 3×3 blocks. Goes before
// complete-depth-galerkin.wgsl.

struct Params {
  width: u32,
  height: u32,
  coarseWidth: u32,
  coarseHeight: u32,
  childOffset: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(5) var<storage, read> fineDiagonal: array<vec4f>;
@group(0) @binding(6) var<storage, read> fineRight: array<vec4f>;
@group(0) @binding(7) var<storage, read> fineDown: array<vec4f>;

fn childDiagonal(i: u32, px: u32, py: u32) -> mat3x3f {
  let a = fineDiagonal[2u * i];
  let c = fineDiagonal[2u * i + 1u];
  return mat3x3f(a.xyz, vec3f(a.y, a.w, c.x), vec3f(a.z, c.x, c.y));
}

fn childRight(i: u32) -> mat3x3f {
  return mat3x3f(fineRight[3u * i].xyz, fineRight[3u * i + 1u].xyz, fineRight[3u * i + 2u].xyz);
}

fn childDown(i: u32) -> mat3x3f {
  return mat3x3f(fineDown[3u * i].xyz, fineDown[3u * i + 1u].xyz, fineDown[3u * i + 2u].xyz);
}
