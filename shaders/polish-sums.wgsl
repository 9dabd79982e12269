// Put before polish-splats.wgsl and polish-pixels.wgsl.
// What a splat gathers over its pixels, in the order of core/cpu/polish/blend.ts.
const SUMS = 10u;

// The dispatch's groups may be folded into two dimensions.
fn flat_index(group: vec3u, groups: vec3u, thread: u32) -> u32 {
  return (group.y * groups.x + group.x) * 64u + thread;
}
