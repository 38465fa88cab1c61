/** The types of floating-point numbers in files whose every value is a float32. */
export type FloatFormat = 'F32' | 'F16' | 'BF16';

export const isFloatFormat = (dtype: string): dtype is FloatFormat =>
  dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';

/** The same numbers as float32, exactly; the bytes of F32 are not copied. */
export function toFloat32(format: FloatFormat, bytes: ArrayBuffer): Float32Array<ArrayBuffer> {
  if (format === 'F32') return new Float32Array(bytes);
  const halves = new Uint16Array(bytes);
  if (format === 'F16') return Float32Array.from(halves, half);
  // bfloat16 is the upper half of a float32.
  return new Float32Array(Uint32Array.from(halves, (upper) => upper << 16).buffer);
}

/** @throws `PATH: expected NAME to have finite values, got ...` */
export function requireFinite(path: string, name: string, values: Float32Array): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    throw new Error(`${path}: expected ${name} to have finite values, got ${wrong}`);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
