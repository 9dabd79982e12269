// Adam's step, one invocation a parameter, within the parameter's bounds; the gradient is used up. CPU twin: core/cpu/polish/adam.ts.

const PARAMS = 12u;

struct Rates {
  // Four parameters each, in the order of core/cpu/polish/state.ts, with the corrections of the first steps in them.
  rates: array<vec4f, 3>,
}

override beta1: f32;
override beta2: f32;
override epsilon: f32;

@group(0) @binding(0) var<storage, read> step: Rates;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read> lower: array<f32>;
@group(0) @binding(3) var<storage, read> upper: array<f32>;
@group(0) @binding(4) var<storage, read_write> mean: array<f32>;
@group(0) @binding(5) var<storage, read_write> square: array<f32>;
@group(0) @binding(6) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(64)
fn adam(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = (group.y * groups.x + group.x) * 64u + thread;
  if (i >= arrayLength(&values)) {
    return;
  }
  let g = gradient[i];
  gradient[i] = 0.0;
  let m = beta1 * mean[i] + (1.0 - beta1) * g;
  let v = beta2 * square[i] + (1.0 - beta2) * g * g;
  mean[i] = m;
  square[i] = v;
  let k = i % PARAMS;
  let next = values[i] - step.rates[k / 4u][k % 4u] * m / (sqrt(v) + epsilon);
  values[i] = clamp(next, lower[i], upper[i]);
}
