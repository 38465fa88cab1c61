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

/**
 * Every `stride`-th row and column of x: all that a 1x1 convolution of this stride reads.
 * @param x [B, H, W, C] @returns [B, ceil(H / stride), ceil(W / stride), C]
 */
function subsample(x: Tensor4D, stride: number): Tensor4D {
  const attributes = [
    attribute.type('T', types.float32),
    attribute.type('Index', types.int32),
    attribute.int('begin_mask', 0),
    attribute.int('end_mask', 0),
    attribute.int('ellipsis_mask', 0),
    attribute.int('new_axis_mask', 0),
    attribute.int('shrink_axis_mask', 0),
  ];
  const [begin, end, strides] = [[0, 0, 0, 0], x.shape, [1, stride, stride, 1]].map((sides) =>
    tf.tensor1d(sides, 'int32'),
  ) as [Tensor, Tensor, Tensor];
  const inputs = [x, begin, end, strides];
  const taken = backend.executeSingleOutput('StridedSlice', attributes, inputs) as Tensor4D;
  for (const sides of [begin, end, strides]) sides.dispose();
  return taken;
}

/** oneDNN takes channels in blocks of so many. */
const channelBlock = 16;

/**
 * The gradient of the weights of a convolution.
 * @param x [B, H, W, Cin] @param dy [B, H / stride, W / stride, Cout] @param shape of the weights
 */
function weightGradient(
  x: Tensor4D,
  dy: Tensor,
  shape: Tensor4D['shape'],
  attributes: ConvAttributes,
): Tensor {
  const [height, width, inputs] = shape;
  // TensorFlow 2.21's oneDNN writes past its memory at 1x1, a stride and less than a block of
  // channels. The same sums at stride 1 are safe.
  const isBroken = height * width === 1 && attributes.stride > 1 && inputs < channelBlock;
  const read = isBroken ? subsample(x, attributes.stride) : x;
  const native = attributesOf(isBroken ? { ...attributes, stride: 1 } : attributes);
  const gradient = withShape(shape, (sizes) =>
    backend.executeSingleOutput('Conv2DBackpropFilter', native, [read, sizes, dy]),
  );
  if (isBroken) read.dispose();
  return gradient;
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
      w: () => weightGradient(x, dy, w.shape, attributes),
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
