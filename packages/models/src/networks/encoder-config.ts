/** A ResNet (He et al. 2016) without its classifier. */
export interface EncoderConfig {
  /** 10, 18, 34: basic blocks; 50: bottlenecks. */
  readonly depth: 10 | 18 | 34 | 50;
  /** Channels of the first stage; 64 is the standard. */
  readonly width: number;
  /**
   * imagenet: 7x7 stride 2, max-pool stride 2; half: 5x5 stride 2, no pool; small: 3x3 stride 1, no
   * pool (CIFAR).
   */
  readonly stem: 'imagenet' | 'half' | 'small';
  /**
   * Stride of each stage, the first first: as many stages as entries, 1..4. The standard is [1, 2,
   * 2, 2].
   */
  readonly strides: readonly number[];
  /**
   * Into how many parts the batch, a multiple of it, is cut for the statistics of batch norm in
   * training (see splitBatchNorm). MoCo's notebook on CIFAR-10 has 8 with batches of 512. Default
   * 1: the whole batch.
   */
  readonly batchNormGroups?: number;
}

/**
 * @throws if the configuration is no network's: unknown depth, no or more than four stages, strides
 *   other than 1 or 2
 */
export function requireEncoderConfig(config: EncoderConfig): void {
  const { depth, width, strides, batchNormGroups = 1 } = config;
  if (![10, 18, 34, 50].includes(depth))
    throw new Error(`encoder depth: expected 10, 18, 34 or 50, got ${depth}`);
  if (!Number.isInteger(width) || width < 1)
    throw new Error(`encoder width: expected a positive whole number, got ${width}`);
  if (strides.length < 1 || strides.length > 4)
    throw new Error(`encoder strides: expected 1 to 4 stages, got ${strides.length}`);
  if (strides.some((stride) => stride !== 1 && stride !== 2))
    throw new Error(`encoder strides: expected each to be 1 or 2, got ${strides.join(', ')}`);
  if (!Number.isInteger(batchNormGroups) || batchNormGroups < 1)
    throw new Error(
      `encoder batchNormGroups: expected a positive whole number, got ${batchNormGroups}`,
    );
}
