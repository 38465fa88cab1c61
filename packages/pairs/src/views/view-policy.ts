/** Which views are drawn of an image. Probabilities are 0..1. */
export interface ViewPolicy {
  /** Edge of a view in pixels. */
  readonly size: number;
  /** Share of the image's area that a crop takes, drawn uniformly. */
  readonly scale: readonly [number, number];
  /** Aspect ratio (width / height) of a crop, drawn log-uniformly. */
  readonly ratio: readonly [number, number];
  /** Probability of a horizontal flip. */
  readonly flip: number;
  readonly flipVertical: number;
  /** A random number of quarter turns. */
  readonly quarterTurns: boolean;
  /**
   * torchvision's strengths: factors from U(max(0, 1 - s), 1 + s), hue shift from U(-h, h) turns, h
   * at most 0.5.
   */
  readonly jitter: {
    readonly probability: number;
    readonly brightness: number;
    readonly contrast: number;
    readonly saturation: number;
    readonly hue: number;
  };
  /** Probability of a grey view. */
  readonly grey: number;
  /** Gaussian blur; sigma in pixels of the view, drawn uniformly. */
  readonly blur: { readonly probability: number; readonly sigma: readonly [number, number] };
}

/** MoCo v2's list (Chen et al. 2020; facebookresearch/moco main_moco.py, `--aug-plus`). */
export function mocoV2Views(size: number): ViewPolicy {
  return {
    size,
    scale: [0.2, 1],
    ratio: [3 / 4, 4 / 3],
    flip: 0.5,
    flipVertical: 0,
    quarterTurns: false,
    jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    grey: 0.2,
    blur: { probability: 0.5, sigma: [0.1, 2] },
  };
}

/** The list of MoCo's CIFAR-10 demonstration: smaller crops, no blur. */
export function cifarViews(size: number): ViewPolicy {
  return { ...mocoV2Views(size), scale: [0.08, 1], blur: { probability: 0, sigma: [0.1, 2] } };
}

/** The whole image, resized to `size`, and nothing else. */
export function plainViews(size: number): ViewPolicy {
  return {
    size,
    scale: [1, 1],
    ratio: [1, 1],
    flip: 0,
    flipVertical: 0,
    quarterTurns: false,
    jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    grey: 0,
    blur: { probability: 0, sigma: [0.1, 0.1] },
  };
}

/** @throws naming the first entry out of range, with what was expected and what came. */
export function checkViewPolicy(policy: ViewPolicy): void {
  const { size, scale, ratio, jitter, blur } = policy;
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`views size: expected a positive whole number, got ${size}`);
  const probabilities = {
    flip: policy.flip,
    flipVertical: policy.flipVertical,
    grey: policy.grey,
    'jitter probability': jitter.probability,
    'blur probability': blur.probability,
  };
  for (const [name, value] of Object.entries(probabilities)) {
    if (!(value >= 0 && value <= 1))
      throw new Error(`views ${name}: expected a number in 0..1, got ${value}`);
  }
  if (!(scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1))
    throw new Error(`views scale: expected 0 < low <= high <= 1, got ${scale.join(', ')}`);
  if (!(ratio[0] > 0 && ratio[0] <= ratio[1]))
    throw new Error(`views ratio: expected 0 < low <= high, got ${ratio.join(', ')}`);
  if (!(blur.sigma[0] > 0 && blur.sigma[0] <= blur.sigma[1]))
    throw new Error(`views blur sigma: expected 0 < low <= high, got ${blur.sigma.join(', ')}`);
  for (const name of ['brightness', 'contrast', 'saturation'] as const) {
    if (!(jitter[name] >= 0))
      throw new Error(`views jitter ${name}: expected a number of at least 0, got ${jitter[name]}`);
  }
  if (!(jitter.hue >= 0 && jitter.hue <= 0.5))
    throw new Error(`views jitter hue: expected a number in 0..0.5, got ${jitter.hue}`);
}
