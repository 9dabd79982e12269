// From the finest level to the first coarse one: one thread a coarse node gathers the residuals of its pixels.
// complete-depth-pixels.wgsl goes before this.

@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read> x: array<vec4f>;
@group(0) @binding(5) var<storage, read> links: array<vec4f>;
// Where each node's list begins (count + 1 numbers), then the lists: pixels.
@group(0) @binding(6) var<storage, read> children: array<u32>;
// b of the coarse level (count numbers).
@group(0) @binding(7) var<storage, read_write> coarse: array<vec4f>;

fn stateAt(i: u32) -> vec3f { return x[i].xyz; }

@compute @workgroup_size(64)
fn down(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let p = id.y * groups.x * 64u + id.x;
  if (p >= params.count) { return; }
  var sum = vec3f(0.0);
  for (var k = children[p]; k < children[p + 1u]; k++) {
    let i = children[params.count + 1u + k];
    let r = b[i].xyz - mask(rowOf(i, i % params.width, i / params.width, stateAt(i)), i);
    sum += vec3f(r.x, r.yz + links[i].xy * r.x);
  }
  coarse[p] = vec4f(sum, 0.0);
}
