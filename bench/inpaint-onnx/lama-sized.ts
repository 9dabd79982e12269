/**
 * A model of big-lama's shape (Suvorov et al. 2022: 18 blocks of fast Fourier convolutions, 51M parameters) with random
 * weights and Carve's tensors: for time and memory, which do not ask what the weights mean. The Fourier transforms are
 * products with cosine and sine matrices, as in that export.
 */
import { createRandom } from '../../core/random.ts';
import {
  floats,
  type Graph,
  ints,
  model,
  node,
  tensor,
  value,
} from '../../test/support/onnx-proto.ts';

const SIDE = 512;
const INNER = SIDE / 8;
const BLOCKS = 18;
const LOCAL = 128;
const GLOBAL = 384;

class Builder {
  readonly nodes: Graph['nodes'] = [];
  readonly constants: Graph['constants'] = [];
  parameters = 0;
  #names = 0;
  readonly #random = createRandom(1);

  add(
    type: string,
    inputs: readonly string[],
    attributes: Record<string, number | number[] | string> = {},
    output = `v${this.#names++}`,
  ): string {
    this.nodes.push(node(type, [...inputs], output, attributes));
    return output;
  }

  matrix(dims: readonly number[], of: (i: number) => number): string {
    const name = `c${this.#names++}`;
    const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => of(i));
    this.constants.push(tensor(name, dims, data));
    return name;
  }

  weights(dims: readonly number[], fanIn: number): string {
    const scale = Math.sqrt(3 / fanIn);
    this.parameters += dims.reduce((a, b) => a * b, 1);
    return this.matrix(dims, () => scale * (2 * this.#random() - 1));
  }

  conv(from: string, inputs: number, outputs: number, kernel: number, stride = 1): string {
    const w = this.weights([outputs, inputs, kernel, kernel], inputs * kernel * kernel);
    const pad = kernel >> 1;
    return this.add('Conv', [from, w], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
  }

  relu = (from: string) => this.add('Relu', [from]);
}

/** Real input to the half spectrum, real and imaginary parts as channels, a convolution there, and back. */
function fourierUnit(b: Builder, from: string, channels: number): string {
  const half = INNER / 2 + 1;
  const angle = (i: number, width: number) =>
    (2 * Math.PI * Math.floor(i / width) * (i % width)) / INNER;
  const scale = 1 / INNER;
  const across = [Math.cos, Math.sin].map((f) =>
    b.matrix([INNER, half], (i) => scale * f(angle(i, half))),
  );
  const down = [Math.cos, Math.sin].map((f) => b.matrix([INNER, INNER], (i) => f(angle(i, INNER))));
  const re = b.add('MatMul', [from, across[0]!]);
  const im = b.add('Neg', [b.add('MatMul', [from, across[1]!])]);
  const times = (m: string, x: string) => b.add('MatMul', [m, x]);
  const [c, s] = down as [string, string];
  const spectrum = b.add(
    'Concat',
    [b.add('Add', [times(c, re), times(s, im)]), b.add('Sub', [times(c, im), times(s, re)])],
    { axis: 1 },
  );
  const mixed = b.relu(b.conv(spectrum, 2 * channels, 2 * channels, 1));
  const part = (start: string, end: string) => b.add('Slice', [mixed, start, end, 'one']);
  const [yr, yi] = [part('zero', 'mid'), part('mid', 'end')];
  const zr = b.add('Sub', [times(c, yr), times(s, yi)]);
  const zi = b.add('Add', [times(c, yi), times(s, yr)]);
  const back = [Math.cos, Math.sin].map((f) =>
    b.matrix([half, INNER], (i) => {
      const k = Math.floor(i / INNER);
      const twice = k === 0 || k === half - 1 ? 1 : 2;
      return scale * twice * f((2 * Math.PI * k * (i % INNER)) / INNER);
    }),
  );
  return b.add('Sub', [b.add('MatMul', [zr, back[0]!]), b.add('MatMul', [zi, back[1]!])]);
}

/** A fast Fourier convolution: local and global channels, each from both. */
function ffc(b: Builder, local: string, global: string): [string, string] {
  const inner = GLOBAL / 2;
  const reduced = b.relu(b.conv(global, GLOBAL, inner, 1));
  const seen = b.add('Add', [reduced, fourierUnit(b, reduced, inner)]);
  const l = b.add('Add', [b.conv(local, LOCAL, LOCAL, 3), b.conv(global, GLOBAL, LOCAL, 3)]);
  const g = b.add('Add', [b.conv(local, LOCAL, GLOBAL, 3), b.conv(seen, inner, GLOBAL, 1)]);
  return [b.relu(l), b.relu(g)];
}

export function lamaSized(): { model: Blob; parameters: number } {
  const b = new Builder();
  const known = b.add('Sub', ['unit', 'mask']);
  const seen = b.add('Mul', ['image', known]);
  let x = b.add('Concat', [seen, 'mask'], { axis: 1 });
  x = b.relu(b.conv(x, 4, 64, 7));
  x = b.relu(b.conv(x, 64, 128, 3, 2));
  x = b.relu(b.conv(x, 128, 256, 3, 2));
  let local = b.relu(b.conv(x, 256, LOCAL, 3, 2));
  let global = b.relu(b.conv(x, 256, GLOBAL, 3, 2));
  const tenth = b.matrix([1], () => 0.1);
  for (let k = 0; k < BLOCKS; k++) {
    const [l1, g1] = ffc(b, local, global);
    const [l2, g2] = ffc(b, l1, g1);
    // Untrained residuals would grow without bound.
    local = b.add('Add', [local, b.add('Mul', [l2, tenth])]);
    global = b.add('Add', [global, b.add('Mul', [g2, tenth])]);
  }
  x = b.add('Concat', [local, global], { axis: 1 });
  for (const [from, to] of [
    [512, 256],
    [256, 128],
    [128, 64],
  ] as const) {
    const w = b.weights([from, to, 3, 3], (from * 9) / 4);
    x = b.relu(
      b.add('ConvTranspose', [x, w], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        output_padding: [1, 1],
      }),
    );
  }
  const painted = b.add('Sigmoid', [b.conv(x, 64, 3, 7)]);
  const whole = b.add('Add', [seen, b.add('Mul', [painted, 'mask'])]);
  b.add('Mul', [whole, 'bytes'], {}, 'output');
  const constants = [
    ...b.constants,
    floats('unit', [1], 1),
    floats('bytes', [1], 255),
    ints('zero', 0),
    ints('one', 1),
    ints('mid', GLOBAL / 2),
    ints('end', GLOBAL),
  ];
  return {
    model: model({
      nodes: b.nodes,
      constants,
      inputs: [value('image', ['batch', 3, SIDE, SIDE]), value('mask', ['batch', 1, SIDE, SIDE])],
      outputs: [value('output', ['batch', 3, SIDE, SIDE])],
    }),
    parameters: b.parameters,
  };
}
