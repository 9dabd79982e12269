import { DAMPING } from '../../core/cpu/complete-depth/smooth.ts';
import bottomCode from '../../shaders/complete-depth-bottom.wgsl?raw';
import cgCode from '../../shaders/complete-depth-cg.wgsl?raw';
import fineCode from '../../shaders/complete-depth-fine.wgsl?raw';
import levelCode from '../../shaders/complete-depth-level.wgsl?raw';
import transferCode from '../../shaders/complete-depth-transfer.wgsl?raw';
import { bindLayout, pipelines } from './multi-pass.ts';

/** Every pipeline of the depth integrator, made once a device. */
export function createPipelines(device: GPUDevice) {
  const layouts = {
    fine: bindLayout(device, 'depth fine', 'urrrwwr'),
    level: bindLayout(device, 'depth level', 'urrrrrw'),
    transfer: bindLayout(device, 'depth transfer', 'urrrrww'),
    bottom: bindLayout(device, 'depth bottom', 'rrw'),
    cg: bindLayout(device, 'depth cg', 'uwwwwwwww'),
  };
  const damped = { damping: DAMPING };
  return {
    layouts,
    fine: pipelines(device, 'depth fine', fineCode, layouts.fine, {
      applyTo: {},
      firstResidual: {},
      firstResidualTargeted: {},
      smoothFirst: damped,
      remainder: {},
      smoothLast: damped,
    }),
    level: pipelines(device, 'depth level', levelCode, layouts.level, {
      remainder: {},
      relax: damped,
    }),
    transfer: pipelines(device, 'depth transfer', transferCode, layouts.transfer, {
      down: damped,
      up: {},
    }),
    bottom: pipelines(device, 'depth bottom', bottomCode, layouts.bottom, { solve: {} }).solve,
    cg: pipelines(device, 'depth cg', cgCode, layouts.cg, {
      sum: {},
      fold: {},
      start: {},
      setLength: {},
      setBeta: {},
      advance: {},
      turn: {},
    }),
  };
}
export type DepthPipelines = ReturnType<typeof createPipelines>;
