// One invocation a new splat that the view holds. `project` writes its record from its parameters; `chain` adds up what its
// tiles gathered and takes that back to the parameters. CPU twins: core/cpu/polish/project.ts and chain.ts.

override min_alpha: f32;
override dilation_px2: f32;
override sh_c0: f32;

@group(0) @binding(0) var<storage, read> lens: Lens;
@group(0) @binding(1) var<storage, read> places: array<Place>;
@group(0) @binding(2) var<storage, read> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> records: array<Splat2D>;
// SUMS a slot: a slot is a new splat in a tile.
@group(0) @binding(4) var<storage, read> sums: array<f32>;
// The splats' slots: splat k's are slots[slot_starts[k]] up to slots[slot_starts[k + 1]].
@group(0) @binding(5) var<storage, read> slot_starts: array<u32>;
@group(0) @binding(6) var<storage, read> slots: array<u32>;
@group(0) @binding(7) var<storage, read_write> gradient: array<f32>;

fn pose(k: u32) -> Posed {
  let place = places[k];
  let v = place.row * PARAMS;
  return pose_splat(
    lens,
    place,
    values[v + 7u],
    vec3f(values[v + 4u], values[v + 5u], values[v + 6u]),
    vec4f(values[v + 8u], values[v + 9u], values[v + 10u], values[v + 11u]),
  );
}

@compute @workgroup_size(64)
fn project(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let k = flat_index(group, groups, thread);
  if (k >= lens.count) {
    return;
  }
  let place = places[k];
  let v = place.row * PARAMS;
  let posed = pose(k);
  let xs = vec3f(posed.span0.x, posed.span1.x, posed.span2.x);
  let ys = vec3f(posed.span0.y, posed.span1.y, posed.span2.y);
  let cxx = dilation_px2 + dot(xs, xs);
  let cxy = dot(xs, ys);
  let cyy = dilation_px2 + dot(ys, ys);
  // cxx cyy − cxy², by Lagrange's identity: the difference cancels in 32 bits on long thin splats.
  let turned = cross(xs, ys);
  let det = dilation_px2 * (cxx + cyy - dilation_px2) + dot(turned, turned);
  let l11 = sqrt(cyy / det);
  let rho = 1.0 / posed.centre.z;
  let opacity = 1.0 / (1.0 + exp(-values[v + 3u]));
  let centre = lens.focus.xy * posed.centre.xy * rho + lens.focus.zw;
  let colour = max(
    vec3f(),
    vec3f(0.5) + sh_c0 * vec3f(values[v], values[v + 1u], values[v + 2u]),
  );
  records[k] = Splat2D(
    centre.x,
    centre.y,
    l11,
    -cxy / (det * l11),
    1.0 / sqrt(cyy),
    opacity,
    colour.x,
    colour.y,
    colour.z,
    rho,
    rho * place.slope_x,
    rho * place.slope_y,
    rho * place.least,
    rho * place.most,
    0.0,
    2.0 * log(opacity / min_alpha),
  );
}

// The loss' derivative by a scaled axis' span, from that by the covariance.
fn by_span(span: vec2f, xx: f32, xy: f32, yy: f32) -> vec2f {
  return vec2f(2.0 * xx * span.x + xy * span.y, xy * span.x + 2.0 * yy * span.y);
}

@compute @workgroup_size(64)
fn chain(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let k = flat_index(group, groups, thread);
  if (k >= lens.count) {
    return;
  }
  var s = array<f32, 10>();
  for (var at = slot_starts[k]; at < slot_starts[k + 1u]; at++) {
    let first = slots[at] * SUMS;
    for (var c = 0u; c < SUMS; c++) {
      s[c] += sums[first + c];
    }
  }
  let place = places[k];
  let g = place.row * PARAMS;
  let record = records[k];
  let posed = pose(k);
  let colour = vec3f(record.red, record.green, record.blue);
  let by_colour = select(vec3f(), sh_c0 * vec3f(s[6], s[7], s[8]), colour > vec3f());
  gradient[g] = by_colour.x;
  gradient[g + 1u] = by_colour.y;
  gradient[g + 2u] = by_colour.z;
  gradient[g + 3u] = (1.0 - record.opacity) * s[0];

  let z = posed.centre.z;
  let spans = array<vec2f, 3>(posed.span0, posed.span1, posed.span2);
  var by_jacobian = vec2f();
  var by_log_z = 0.0;
  var by_axes = mat3x3f();
  let back = transpose(camera_turn(lens));
  for (var a = 0u; a < 3u; a++) {
    let by = by_span(spans[a], s[3], s[4], s[5]);
    let along = dot(by, spans[a]);
    gradient[g + 4u + a] = along;
    by_log_z -= along;
    let scaled = by * posed.sigmas[a] * lens.focus.xy / z;
    by_jacobian -= scaled * posed.axes[a].z;
    by_axes[a] = back * vec3f(scaled, -dot(scaled, posed.jacobian));
  }
  let by_slope = lens.focus.xy * vec2f(s[1], s[2]) + posed.is_free * by_jacobian;
  let by_xy = by_slope / z;
  let by_z = s[9] + (by_log_z - dot(by_xy, posed.centre.xy)) / z;
  gradient[g + 7u] = dot(vec3f(by_xy, by_z), vec3f(place.way_x, place.way_y, place.way_z));

  // Through R = I + 2 M(q) / |q|².
  let w = values[g + 8u];
  let x = values[g + 9u];
  let y = values[g + 10u];
  let zq = values[g + 11u];
  let m = by_axes;
  let q = vec4f(w, x, y, zq);
  let inv = 1.0 / dot(q, q);
  let by_m = vec4f(
    zq * (m[0].y - m[1].x) + y * (m[2].x - m[0].z) + x * (m[1].z - m[2].y),
    y * (m[0].y + m[1].x) + zq * (m[0].z + m[2].x) + w * (m[1].z - m[2].y)
      - 2.0 * x * (m[1].y + m[2].z),
    x * (m[0].y + m[1].x) + zq * (m[1].z + m[2].y) + w * (m[2].x - m[0].z)
      - 2.0 * y * (m[0].x + m[2].z),
    x * (m[0].z + m[2].x) + y * (m[1].z + m[2].y) + w * (m[0].y - m[1].x)
      - 2.0 * zq * (m[0].x + m[1].y),
  );
  let by_q = 2.0 * inv * (by_m - dot(q, by_m) * inv * q);
  for (var c = 0u; c < 4u; c++) {
    gradient[g + 8u + c] = by_q[c];
  }
}
