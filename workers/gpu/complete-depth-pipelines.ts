import blocksCode from '../../shaders/complete-depth-blocks.wgsl?raw';
import cgCode from '../../shaders/complete-depth-cg.wgsl?raw';
import childrenBlocksCode from '../../shaders/complete-depth-children-blocks.wgsl?raw';
import childrenFineCode from '../../shaders/complete-depth-children-fine.wgsl?raw';
import fineCode from '../../shaders/complete-depth-fine.wgsl?raw';
import transferCode from '../../shaders/complete-depth-fine-transfer.wgsl?raw';
import galerkinCode from '../../shaders/complete-depth-galerkin.wgsl?raw';
import { bindLayout, pipelines } from './complete-depth-layout.ts';

/** Every pipeline of the depth integrator, made once a device. */
export function createPipelines(device: GPUDevice) {
  const layouts = {
    fine: bindLayout(device, 'depth fine', 'urwwwww'),
    transfer: bindLayout(device, 'depth transfer', 'urrww'),
    galerkin: bindLayout(device, 'depth galerkin', 'uwwwwrrr'),
    blocks: bindLayout(device, 'depth blocks', 'urrrrrww'),
    cg: bindLayout(device, 'depth cg', 'uwwwwwww'),
  };
  return {
    layouts,
    fine: pipelines(device, 'depth fine', fineCode, layouts.fine, [
      'reweight',
      'applyTo',
      'firstResidual',
      'remainder',
      'clear',
      'relax',
    ]),
    transfer: pipelines(device, 'depth transfer', transferCode, layouts.transfer, [
      'restrictResidual',
      'prolong',
    ]),
    coarsenFine: pipelines(
      device,
      'depth galerkin fine',
      childrenFineCode + galerkinCode,
      layouts.galerkin,
      ['coarsen'],
    ).coarsen,
    coarsenBlocks: pipelines(
      device,
      'depth galerkin blocks',
      childrenBlocksCode + galerkinCode,
      layouts.galerkin,
      ['coarsen'],
    ).coarsen,
    blocks: pipelines(device, 'depth blocks', blocksCode, layouts.blocks, [
      'clear',
      'relax',
      'restrictResidual',
      'prolong',
    ]),
    cg: pipelines(device, 'depth cg', cgCode, layouts.cg, [
      'dotZ',
      'dotP',
      'fold',
      'start',
      'setLength',
      'setBeta',
      'advance',
      'turn',
    ]),
  };
}
export type DepthPipelines = ReturnType<typeof createPipelines>;
