/// <reference types="@webgpu/types" />
/**
 * The method that was not taken, for comparison: the same plan drawn as instanced quads from front to back,
 * "under" blending into two 32-bit targets (colour and alpha; depth and marked). It has no exact median and no
 * early stop.
 */
import type { Camera } from '../../core/camera.ts';
import { measureCloud } from '../../core/cpu/render/measure.ts';
import { planView } from '../../core/cpu/render/plan.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { readBuffer } from '../../workers/gpu/device.ts';

const SHADER = /* wgsl */ `
struct Splat2D {
  u: f32, v: f32, l11: f32, l21: f32, l22: f32, opacity: f32, red: f32, green: f32, blue: f32,
  rho: f32, rho_dx: f32, rho_dy: f32, rho_min: f32, rho_max: f32, marked: f32, cutoff: f32,
}
override width: f32;
override height: f32;
@group(0) @binding(0) var<storage, read> splats: array<Splat2D>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
struct Varyings {
  @builtin(position) position: vec4f,
  @location(0) ab: vec2f,
  @location(1) d: vec2f,
  @location(2) @interpolate(flat) splat: u32,
}
@vertex fn vertex(@builtin(vertex_index) corner: u32, @builtin(instance_index) instance: u32) -> Varyings {
  let splat = order[instance];
  let s = splats[splat];
  let root = sqrt(s.cutoff);
  let reach = vec2f(root * sqrt(s.l21 * s.l21 + s.l22 * s.l22) / (s.l11 * s.l22), root / s.l22);
  let d = (vec2f(f32(corner & 1u), f32(corner >> 1u)) * 2.0 - 1.0) * reach;
  let at = vec2f(s.u + d.x, s.v + d.y) / vec2f(width, height) * 2.0 - 1.0;
  return Varyings(vec4f(at.x, -at.y, 0.5, 1.0), vec2f(s.l11 * d.x + s.l21 * d.y, s.l22 * d.y), d, splat);
}
struct Targets { @location(0) light: vec4f, @location(1) geometry: vec4f }
@fragment fn fragment(in: Varyings) -> Targets {
  let s = &splats[in.splat];
  let alpha = min(0.99, (*s).opacity * exp(-0.5 * dot(in.ab, in.ab)));
  if (alpha < 1.0 / 255.0) { discard; }
  let rho = (*s).rho + (*s).rho_dx * in.d.x + (*s).rho_dy * in.d.y;
  let z = 1.0 / clamp(rho, (*s).rho_min, (*s).rho_max);
  return Targets(
    vec4f((*s).red, (*s).green, (*s).blue, 1.0) * alpha,
    vec4f(z, (*s).marked, 0.0, 1.0) * alpha,
  );
}`;

/** @returns a function that draws one picture and reads it back (a bench's work, not a renderer) */
export async function createQuads(
  device: GPUDevice,
  cloud: SplatCloud,
  camera: Camera,
): Promise<() => Promise<Float32Array>> {
  const { width, height } = camera;
  const component: GPUBlendComponent = {
    srcFactor: 'one-minus-dst-alpha',
    dstFactor: 'one',
    operation: 'add',
  };
  const target: GPUColorTargetState = {
    format: 'rgba32float',
    blend: { color: component, alpha: component },
  };
  const module = device.createShaderModule({ code: SHADER });
  const pipeline = await device.createRenderPipelineAsync({
    layout: 'auto',
    vertex: { module, constants: { width, height } },
    fragment: { module, targets: [target, target] },
    primitive: { topology: 'triangle-strip' },
  });
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
  const textures = [0, 1].map(() =>
    device.createTexture({ size: [width, height], format: 'rgba32float', usage }),
  );
  const layerBytes = width * height * 16;
  const out = device.createBuffer({
    size: layerBytes * 2,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  const measure = measureCloud(cloud);
  return async () => {
    const plan = await planView(cloud, measure, camera);
    const buffers = [plan.records, plan.order].map((data) => {
      const buffer = device.createBuffer({
        size: data.byteLength,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
      device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
      return buffer;
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginRenderPass({
      colorAttachments: textures.map((texture) => ({
        view: texture.createView(),
        loadOp: 'clear' as const,
        storeOp: 'store' as const,
        clearValue: [0, 0, 0, 0],
      })),
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    );
    pass.draw(4, plan.order.length);
    pass.end();
    for (const [i, texture] of textures.entries()) {
      encoder.copyTextureToBuffer(
        { texture },
        { buffer: out, offset: i * layerBytes, bytesPerRow: width * 16 },
        [width, height],
      );
    }
    device.queue.submit([encoder.finish()]);
    const pixels = new Float32Array(await readBuffer(device, out, layerBytes * 2));
    for (const buffer of buffers) buffer.destroy();
    return pixels;
  };
}
