import { OVERCORRECTION } from '../../core/cpu/complete-depth/cycle.ts';
import { DAMPING } from '../../core/cpu/complete-depth/smooth.ts';
import bottomCode from '../../shaders/complete-depth-bottom.wgsl?raw';
import cgCode from '../../shaders/complete-depth-cg.wgsl?raw';
import downFineCode from '../../shaders/complete-depth-down-fine.wgsl?raw';
import fineCode from '../../shaders/complete-depth-fine.wgsl?raw';
import levelCode from '../../shaders/complete-depth-level.wgsl?raw';
import pixelsCode from '../../shaders/complete-depth-pixels.wgsl?raw';
import { bindLayout, pipelines } from './complete-depth-layout.ts';

/** Every pipeline of the depth integrator, made once a device. */
export function createPipelines(device: GPUDevice) {
  const layouts = {
    fine: bindLayout(device, 'depth fine', 'urrrrrrw'),
    level: bindLayout(device, 'depth level', 'urrrrrrrw'),
    bottom: bindLayout(device, 'depth bottom', 'rrw'),
    cg: bindLayout(device, 'depth cg', 'uwwwwwww'),
  };
  const damped = { damping: DAMPING };
  const both = { damping: DAMPING, overcorrection: OVERCORRECTION };
  const corrected = { overcorrection: OVERCORRECTION };
  return {
    layouts,
    fine: pipelines(device, 'depth fine', pixelsCode + fineCode, layouts.fine, {
      applyTo: corrected,
      firstResidual: corrected,
      smoothFirst: damped,
      smoothLast: both,
    }),
    downFine: pipelines(device, 'depth down fine', pixelsCode + downFineCode, layouts.fine, {
      down: {},
    }).down,
    level: pipelines(device, 'depth level', levelCode, layouts.level, { down: damped, up: both }),
    bottom: pipelines(device, 'depth bottom', bottomCode, layouts.bottom, { solve: {} }).solve,
    cg: pipelines(device, 'depth cg', cgCode, layouts.cg, {
      dotZ: {},
      dotP: {},
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
