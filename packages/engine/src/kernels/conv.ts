import { attribute, types, type Attribute } from '../attributes.ts';
import { backend } from '../native.ts';
import { tf, type Tensor, type Tensor4D } from '../tensorflow.ts';
import { defineKernel } from './define-kernel.ts';

/**
 * Explicit padding is missing on purpose: it takes Conv2DBackpropInput off oneDNN (20 x slower);
 * pad first and use 'valid'.
 */
export type Padding = 'same' | 'valid';

interface ConvAttributes {
  stride: number;
  padding: Padding;
}

const attributesOf = ({ stride, padding }: ConvAttributes): Attribute[] => [
  attribute.type('T', types.float32),
  attribute.ints('strides', [1, stride, stride, 1]),
  attribute.string('padding', padding.toUpperCase()),
  attribute.string('data_format', 'NHWC'),
  attribute.bool('use_cudnn_on_gpu', true),
  attribute.ints('dilations', [1, 1, 1, 1]),
];

/** Back-propagation ops take the shape of their result as a tensor. */
function withShape(shape: number[], f: (sizes: Tensor) => Tensor): Tensor {
  const sizes = tf.tensor1d(shape, 'int32');
  const result = f(sizes);
  sizes.dispose();
  return result;
}

const runConv2d = defineKernel({
  name: 'NoisyPairsConv2D',
  forward: ({ x, w }: { x: Tensor4D; w: Tensor4D }, attributes: ConvAttributes) => [
    backend.executeSingleOutput('Conv2D', attributesOf(attributes), [x, w]),
  ],
  savedInputs: ['x', 'w'],
  backward({ dy, inputs: { x, w }, attributes }) {
    const native = attributesOf(attributes);
    return {
      x: () =>
        withShape(x.shape, (sizes) =>
          backend.executeSingleOutput('Conv2DBackpropInput', native, [sizes, w, dy]),
        ),
      w: () =>
        withShape(w.shape, (sizes) =>
          backend.executeSingleOutput('Conv2DBackpropFilter', native, [x, sizes, dy]),
        ),
    };
  },
});

/**
 * 2-D convolution by the native kernel, with its two native gradients.
 * @param x [B, H, W, Cin] float32
 * @param w [kh, kw, Cin, Cout] float32
 * @throws if the channels of `x` and `w` differ.
 */
export function conv2d(
  x: Tensor4D,
  w: Tensor4D,
  stride: number,
  padding: Padding = 'same',
): Tensor4D {
  if (x.shape[3] !== w.shape[2])
    throw new Error(`conv2d: expected x with ${w.shape[2]} channels, as w has, got ${x.shape[3]}`);
  const [y] = runConv2d({ x, w }, { stride, padding }) as [Tensor4D];
  return y;
}
