/** A convolution's shape: height, width, inputs, outputs, as TensorFlow has it. */
export type KernelShape = readonly [height: number, width: number, inputs: number, outputs: number];

/** Convolutions' kernels alone have four sides. */
export const isKernel = (shape: readonly number[]): shape is KernelShape => shape.length === 4;

/** The same sides in torch's order: outputs, inputs, height, width. */
export const oihwShape = ([h, w, i, o]: KernelShape): KernelShape => [o, i, h, w];

/** A kernel's values in torch's order of sides, in new memory. @param shape TensorFlow's */
export function toOihw(
  values: Float32Array,
  [h, w, inputs, outputs]: KernelShape,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let yx = 0; yx < h * w; yx++)
        result[at++] = values[(yx * inputs + i) * outputs + o] ?? NaN;
    }
  }
  return result;
}

/** The other way round, from torch's order, in new memory. @param shape TensorFlow's */
export function toHwio(
  values: Float32Array,
  [h, w, inputs, outputs]: KernelShape,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  let at = 0;
  for (let yx = 0; yx < h * w; yx++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) result[at++] = values[(o * inputs + i) * h * w + yx] ?? NaN;
    }
  }
  return result;
}
