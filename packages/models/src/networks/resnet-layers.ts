import type { ConvNorm } from './conv-norm.ts';
import type { EncoderConfig } from './encoder-config.ts';
import type { Placement } from './network.ts';

const BLOCKS = { 10: [1, 1, 1, 1], 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] } as const;
const STEMS = {
  imagenet: { kernel: 7, stride: 2, pool: true },
  half: { kernel: 5, stride: 2, pool: false },
  small: { kernel: 3, stride: 1, pool: false },
} as const;

/** Convolutions one after another, whose result is added to the input, or to its shortcut. */
export interface Block {
  readonly layers: readonly ConvNorm[];
  /** A 1x1 convolution of the input where the block changes its shape. */
  readonly shortcut: ConvNorm | undefined;
}

/** Blocks at one resolution. */
interface Stage {
  readonly blocks: readonly Block[];
  /** Channels of its features. */
  readonly channels: number;
  /** Pixels of the image along a side of a feature. */
  readonly stride: number;
}

/** The layers of a ResNet, named as in torchvision. */
export interface ResnetLayers {
  readonly stem: ConvNorm;
  /** Whether the stem ends with a max-pool of stride 2. */
  readonly pool: boolean;
  readonly stages: readonly Stage[];
}

/**
 * The placement of a ResNet's features: their offset is 3.5 pixels at stride 8.
 *
 * torch pads a kernel of k pixels by (k - 1) / 2 on both sides, which centres output i of stride 2
 * on input 2 i; so feature i of any stage is centred on pixel i * stride, and its block's centre is
 * (stride - 1) / 2 further on. torchvision's weights were trained so: features stay as they are,
 * and whatever lays them over pixels takes their offset into account.
 */
export function resnetPlacement(stride: number): Placement {
  return { stride, offset: (stride - 1) / 2 };
}

/** The layers of a configuration, which is valid (see requireEncoderConfig). */
export function resnetLayers({ depth, width, stem, strides }: EncoderConfig): ResnetLayers {
  const { kernel, stride: stemStride, pool } = STEMS[stem];
  const blockOf = depth === 50 ? bottleneck : basicBlock;
  const stages: Stage[] = [];
  let channels = width;
  let stride = stemStride * (pool ? 2 : 1);
  strides.forEach((stageStride, s) => {
    const blocks = Array.from({ length: BLOCKS[depth][s] ?? 0 }, (_, i) => {
      const name = `layer${s + 1}.${i}`;
      const block = blockOf(name, channels, width * 2 ** s, i === 0 ? stageStride : 1);
      channels = block.layers.at(-1)?.outputs ?? channels;
      return block;
    });
    stride *= stageStride;
    stages.push({ blocks, channels, stride });
  });
  return {
    stem: { conv: 'conv1', norm: 'bn1', kernel, stride: stemStride, inputs: 3, outputs: width },
    pool,
    stages,
  };
}

/** All convolutions, in the order in which they are initialised. */
export function allLayers({ stem, stages }: ResnetLayers): ConvNorm[] {
  const blocks = stages.flatMap((stage) => stage.blocks);
  return [stem, ...blocks.flatMap((b) => (b.shortcut ? [...b.layers, b.shortcut] : b.layers))];
}

/**
 * Whether a tensor of this name is of a ResNet's layer, whatever the depth and the number of
 * stages; a head's is not.
 */
export function isResnetLayer(name: string): boolean {
  return /^((conv|bn)\d+|layer\d+\.\d+)\./.test(name);
}

/** Two 3x3 convolutions. */
function basicBlock(name: string, inputs: number, width: number, stride: number): Block {
  const layers = [
    layer(name, 1, { kernel: 3, stride, inputs, outputs: width }),
    layer(name, 2, { kernel: 3, stride: 1, inputs: width, outputs: width }),
  ];
  return { layers, shortcut: shortcut(name, inputs, width, stride) };
}

/** A 3x3 convolution between two of 1x1, of which the last widens fourfold. */
function bottleneck(name: string, inputs: number, width: number, stride: number): Block {
  const outputs = 4 * width;
  const layers = [
    layer(name, 1, { kernel: 1, stride: 1, inputs, outputs: width }),
    layer(name, 2, { kernel: 3, stride, inputs: width, outputs: width }),
    layer(name, 3, { kernel: 1, stride: 1, inputs: width, outputs }),
  ];
  return { layers, shortcut: shortcut(name, inputs, outputs, stride) };
}

function layer(block: string, i: number, sides: Omit<ConvNorm, 'conv' | 'norm'>): ConvNorm {
  return { conv: `${block}.conv${i}`, norm: `${block}.bn${i}`, ...sides };
}

function shortcut(
  block: string,
  inputs: number,
  outputs: number,
  stride: number,
): ConvNorm | undefined {
  if (stride === 1 && inputs === outputs) return undefined;
  const [conv, norm] = [`${block}.downsample.0`, `${block}.downsample.1`];
  return { conv, norm, kernel: 1, stride, inputs, outputs };
}
