/** The sample types that are read, by sample format (1 unsigned, 2 signed, 3 float) and bits. */
export const sampleArrays = {
  '1/1': Uint8Array, // masks alone
  '1/8': Uint8Array,
  '1/16': Uint16Array,
  '1/32': Uint32Array,
  '2/8': Int8Array,
  '2/16': Int16Array,
  '2/32': Int32Array,
  '3/32': Float32Array,
  '3/64': Float64Array,
} as const;
export type SampleType = keyof typeof sampleArrays;
export type SampleArray = (typeof sampleArrays)[SampleType];
export type Samples = InstanceType<SampleArray>;
/** The type of masks of single bits, which become bytes of 0 and 1. */
export const oneBit = '1/1' satisfies SampleType;
