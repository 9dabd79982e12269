// The coarsest level of the depth integrator by its dense, symmetric inverse: one thread a number of the answer, so that
// neighbouring threads read neighbouring numbers. Rows of the inverse are in planes' order too: all u, all w_x, all w_y.

@group(0) @binding(0) var<storage, read> inverse: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> answer: array<f32>;

@compute @workgroup_size(64)
fn solve(@builtin(global_invocation_id) id: vec3u) {
  let size = arrayLength(&answer);
  if (id.x >= size) { return; }
  var sum = 0.0;
  for (var j = 0u; j < size; j++) { sum += b[j] * inverse[j * size + id.x]; }
  answer[id.x] = sum;
}
