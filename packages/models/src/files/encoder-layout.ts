import type { NetworkState } from '../networks/network.ts';
import { isResnetLayer } from '../networks/resnet-layers.ts';

/** How a file names and lays out an encoder. */
export interface EncoderLayout {
  /** The file's name of a parameter or a statistic. */
  name(part: keyof NetworkState, name: string): string;
  /** Whether kernels have torch's order of sides: outputs, inputs, height, width. */
  readonly oihw: boolean;
  /** Whether an entry that the encoder does not name may be in the file, and is left out. */
  isBeside(name: string): boolean;
}

/**
 * torchvision's state_dict: names as they are, kernels in torch's order, with its classifier or a
 * head in the classifier's place (MoCo v2's `fc.0` and `fc.2`).
 */
const torchvisionLayout: EncoderLayout = {
  name: (_, name) => name,
  oihw: true,
  isBeside: (name) => /^fc\.|\.num_batches_tracked$/.test(name),
};

/** encoder.safetensors of a run: what pretraining trained, with the heads of its method. */
const pretrainedLayout: EncoderLayout = {
  name: (part, name) => `${part}/${name}`,
  oihw: false,
  isBeside: (name) => isHead(name, ['params', 'stats']),
};

/** segmentation.safetensors and the like of a run that trained its encoder with labels. */
const labelledLayout: EncoderLayout = {
  name: (part, name) => (part === 'params' ? `encoder/${name}` : `${part}/${name}`),
  oihw: false,
  isBeside: (name) => name.startsWith('head/') || isHead(name, ['encoder', 'stats']),
};

/** The layout of a file with entries of these names. */
export function layoutOf(names: readonly string[]): EncoderLayout {
  if (names.some((name) => name.startsWith('params/'))) return pretrainedLayout;
  if (names.some((name) => name.startsWith('encoder/'))) return labelledLayout;
  return torchvisionLayout;
}

/**
 * A hint on a file that has none of the encoder's names: most are there behind a prefix, as in
 * checkpoints of MoCo (`module.encoder_q.`), or all names of the file begin alike.
 * @param names of the file
 * @param wanted the encoder's
 */
export function prefixHint(
  names: readonly string[],
  wanted: readonly string[],
): string | undefined {
  const there = new Set(names);
  const [first = ''] = wanted;
  if (wanted.some((name) => there.has(name))) return undefined;
  const isThere = (prefix: string) =>
    wanted.filter((name) => there.has(prefix + name)).length > wanted.length / 2;
  const prefixes = names
    .filter((name) => name.endsWith(first))
    .map((name) => name.slice(0, -first.length))
    .filter(isThere);
  if (prefixes.length > 0)
    return `the encoder's names begin with ${prefixes.join(' or ')} here: leave that out`;
  const shared = sharedPrefix(names);
  return shared === '' ? undefined : `all names begin with ${shared}`;
}

/** The longest beginning that all names share, up to a dot. */
function sharedPrefix([first = '', ...others]: readonly string[]): string {
  const ends = [...first.matchAll(/\./g)].map(({ index }) => index + 1).reverse();
  const shared = ends.find((end) => others.every((name) => name.startsWith(first.slice(0, end))));
  return first.slice(0, shared ?? 0);
}

/**
 * Heads are what an encoder does not name: no method's have to be known. A layer of a ResNet that
 * is none of the encoder's is no head, but tells that the file is of another encoder.
 */
function isHead(name: string, parts: readonly string[]): boolean {
  const slash = name.indexOf('/');
  return parts.includes(name.slice(0, slash)) && !isResnetLayer(name.slice(slash + 1));
}
