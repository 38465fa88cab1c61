import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCifar10 } from '@noisy-pairs/cifar10';
import { completeOptions, openTextures, textureOptions } from '@noisy-pairs/vts';
import { indexXbd, readIndex, writeIndex } from '@noisy-pairs/xbd';
import {
  parseConfig,
  sweepConfig,
  type Panel,
  type RunConfig,
  type SweepConfig,
} from '../config.ts';
import { chooseTextures } from '../data/vts/folder-textures.ts';
import { recipe } from '../recipes/registry.ts';
import { naturalShare, xbdCache, xbdCrops } from '../data/run-data.ts';

/** What a command line may change of a recipe. Paths are absolute. */
export interface SweepFlags {
  readonly recipe: string;
  readonly seeds?: number;
  readonly data?: string;
  readonly textures?: string;
  readonly classes?: string[];
  readonly noiseClass?: string;
  readonly init?: string;
  readonly precision?: 'float32' | 'bf16';
}

type Data<Kind extends RunConfig['data']['kind']> = Extract<RunConfig['data'], { kind: Kind }>;

/**
 * The recipe, with what the flags change.
 * @param cifar10Default where CIFAR-10 is looked for without --data
 * @param say called with a line on the data that were found
 * @throws one line on a flag that is missing, superfluous, or names data that cannot be used
 */
export async function sweepOf(
  flags: SweepFlags,
  cifar10Default: string,
  say: (line: string) => void,
): Promise<SweepConfig> {
  const sweep = recipe(flags.recipe);
  const kinds = new Set(sweep.panels.map(({ base }) => base.data.kind));
  if (flags.data !== undefined && !kinds.has('xbd') && !kinds.has('cifar10'))
    throw new Error(
      `--data: expected none with recipe ${flags.recipe}, which makes its data, got ${flags.data}`,
    );
  if (flags.textures !== undefined && !kinds.has('vts'))
    throw new Error(`--textures: expected none with recipe ${flags.recipe}, got ${flags.textures}`);
  if (flags.textures === undefined && (flags.classes ?? flags.noiseClass))
    throw new Error('--classes and --noise-class: expected --textures with them, got none');
  const init = flags.init === undefined ? null : initOf(flags.init);
  const panels: Panel[] = [];
  const found = new Map<string, FoundXbd>();
  for (const panel of sweep.panels) {
    const { data } = panel.base;
    const given: Panel = {
      ...panel,
      base: { ...panel.base, init, precision: flags.precision ?? panel.base.precision },
    };
    if (data.kind === 'xbd') {
      // panels of several methods are on the same data
      const key = JSON.stringify([data, panel.imageNoises]);
      const one = found.get(key) ?? (await findXbd(panel, flags, say));
      found.set(key, one);
      panels.push(withXbd(given, data, one));
    } else if (data.kind === 'cifar10')
      panels.push(await withCifar10(given, data, flags, cifar10Default, say));
    else panels.push(await withTextures(given, data, flags));
  }
  const textures = panels.flatMap(({ base: { data } }) =>
    data.kind === 'vts' && data.textures.kind === 'folder' ? [data.textures] : [],
  )[0];
  return parseConfig(
    sweepConfig,
    {
      ...sweep,
      panels,
      seeds: flags.seeds ?? sweep.seeds,
      assumptions: [
        ...sweep.assumptions.map(([field, choice, why]) =>
          field === 'textures' && textures
            ? [
                field,
                `${textures.classes.join(', ')}; noise ${textures.noiseClass}, from ` +
                  `${textures.dir}`,
                'given by the user; one photograph a class gives few instances',
              ]
            : [field, choice, why],
        ),
        ...(init
          ? [
              [
                'start',
                `weights of ${init.file}`,
                'given by the user; the bound without pretraining has them too',
              ],
            ]
          : []),
      ],
    },
    'sweep',
  );
}

/** A texture that is corrupt or too small is said here and once, not by each run. */
async function withTextures(
  panel: Panel,
  data: Data<'vts'>,
  { textures: dir, classes, noiseClass }: SweepFlags,
): Promise<Panel> {
  if (dir === undefined) return panel;
  const textures = parseConfig(
    textureOptions,
    chooseTextures(dir, data.size, classes, noiseClass),
    'textures',
  );
  await openTextures(completeOptions({ size: data.size, textures, length: 1 }));
  return { ...panel, base: { ...panel.base, data: { ...data, textures } } };
}

/**
 * xBD as it was given: its index, made if there is none yet, and the natural share of noisy crops.
 */
interface FoundXbd {
  readonly index: string;
  readonly natural: number;
}

async function findXbd(
  { imageNoises, base: { data } }: Panel,
  flags: SweepFlags,
  say: (line: string) => void,
): Promise<FoundXbd> {
  if (data.kind !== 'xbd') throw new Error(`data: expected xbd, got ${data.kind}`);
  if (flags.data === undefined)
    throw new Error(
      `--data: expected the folder of xBD's archives with recipe ${flags.recipe}, got none ` +
        '(npx nx run xbd:sample writes a made-up one to try)',
    );
  let file = flags.data;
  if (existsSync(file) && statSync(file).isDirectory()) {
    const index = await indexXbd(file);
    file = join(
      xbdCache(),
      `index-${createHash('sha256').update(flags.data).digest('hex').slice(0, 16)}.json`,
    );
    mkdirSync(xbdCache(), { recursive: true });
    await writeIndex(file, index);
    say(
      `${flags.data}: ${index.pairs.length} pairs, ` +
        `${index.problems.filter(({ fatal }) => fatal).length} problems that cost a pair (npx nx ` +
        'run xbd:index lists them)',
    );
  }
  const { crops, refused } = await xbdCrops(
    await readIndex(file),
    data,
    'train',
    imageNoises[0] ?? 0,
    0,
  );
  const natural = naturalShare(crops);
  say(
    `${crops.length} crops of ${data.size} px for seed 0 (${refused.nodata} refused for ` +
      `nodata), ${(100 * natural).toFixed(0)} % of the classified ones noisy by nature`,
  );
  if (!(natural > 0 && natural < 1))
    throw new Error(
      `${flags.data}: expected crops with and without damage, got ` +
        `${natural === 0 ? 'none with' : 'none without'}`,
    );
  return { index: file, natural };
}

/**
 * A panel on the xBD that was found, with the natural share of noisy crops among its noisy shares.
 */
function withXbd(panel: Panel, data: Data<'xbd'>, { index, natural }: FoundXbd): Panel {
  return {
    ...panel,
    base: { ...panel.base, data: { ...data, index } },
    noisyShares: [...new Set([natural, ...panel.noisyShares])].sort((a, b) => a - b),
  };
}

/**
 * A panel on the CIFAR-10 that was given, read once so that what is wrong with it is said before
 * anything starts.
 */
async function withCifar10(
  panel: Panel,
  data: Data<'cifar10'>,
  flags: SweepFlags,
  standard: string,
  say: (line: string) => void,
): Promise<Panel> {
  const dir = flags.data ?? standard;
  if (flags.data === undefined && !existsSync(dir)) {
    throw new Error(
      `--data: expected CIFAR-10 with recipe ${flags.recipe}, got none: unpack its binary ` +
        `version (cifar-10-binary.tar.gz) to ${standard}, or name the folder of data_batch_1.bin ` +
        '.. data_batch_5.bin and test_batch.bin',
    );
  }
  const parts = { train: Math.max(data.pairs, data.train), test: data.test };
  for (const split of ['train', 'test'] as const) {
    const { length, name, missing } = await readCifar10(dir, split);
    if (length < parts[split])
      throw new Error(
        `${dir}: expected ${parts[split]} ${split} images with recipe ${flags.recipe}, got ` +
          `${length}${missing.length > 0 ? ` (${missing.join(', ')} not there)` : ''}`,
      );
    say(`${name}: ${length} images, of which ${parts[split]} are used`);
  }
  return { ...panel, base: { ...panel.base, data: { ...data, dir } } };
}

function initOf(file: string): NonNullable<RunConfig['init']> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Error(`--init: expected a .safetensors file of encoder weights at ${file}, got none`);
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}
