// The coarsest level of the depth integrator by its dense inverse: one thread a node.

@group(0) @binding(0) var<storage, read> inverse: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> answer: array<vec4f>;

@compute @workgroup_size(64)
fn solve(@builtin(global_invocation_id) id: vec3u) {
  let count = arrayLength(&answer);
  if (id.x >= count) { return; }
  let size = 3u * count;
  var sum = vec3f(0.0);
  for (var j = 0u; j < count; j++) {
    let s = b[j].xyz;
    // Symmetric: the rows of (j, u), (j, w_x), (j, w_y) hold this node's three columns.
    let k = 3u * (j * size + id.x);
    sum += s.x * vec3f(inverse[k], inverse[k + 1u], inverse[k + 2u]);
    sum += s.y * vec3f(inverse[k + size], inverse[k + size + 1u], inverse[k + size + 2u]);
    let l = k + 2u * size;
    sum += s.z * vec3f(inverse[l], inverse[l + 1u], inverse[l + 2u]);
  }
  answer[id.x] = vec4f(sum, 0.0);
}
