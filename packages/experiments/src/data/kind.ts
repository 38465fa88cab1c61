import type { Raster, Random } from '@noisy-pairs/imaging';
import type { Picture } from '@noisy-pairs/pages';
import type { SourceSpec } from '@noisy-pairs/pairs';
import { z } from 'zod';
import { count } from '../config/ranges.ts';
import type { EmbeddingImages } from './embedding-images.ts';
import type { Metric } from './metric.ts';
import type { NoiseWords } from './noise-words.ts';
import type { DataRun, RunData } from './run-data.ts';

/** Fields that the configuration of every kind of data has. */
export const dataFields = {
  /** Edge of an image in pixels. */
  size: z.int().min(8),
  /** Pairs to pretrain on. */
  pairs: count,
};

/** Fields of a kind of data with labels. */
export const labelledFields = {
  ...dataFields,
  /** Labelled images to train the head on, and to measure it with. */
  train: count,
  test: count,
};

/** Fields that are read of any kind of data. */
interface AnyData {
  readonly kind: string;
  readonly size: number;
  readonly pairs: number;
}

/** A task that is learned from labels after pretraining. */
export type HeadTask = 'segmentation' | 'classification' | 'damage';

/**
 * A kind of data: all that the rest of the program knows of it. C is its configuration, as in
 * `data` of config.json; how many labelled images there are is in its `train` and `test`.
 */
export interface DataKind<C extends AnyData = AnyData> {
  /** `data.kind` in a configuration. */
  readonly name: C['kind'];
  /** A strict object whose `kind` is the name. */
  readonly schema: z.ZodType<C>;
  readonly words: NoiseWords;
  readonly help: DataHelp;
  /** Flags that change it; others are refused where no data of a recipe take them. */
  readonly takes: readonly DataFlag[];
  /** Tasks that a run learns after pretraining, in this order; none without labels. */
  tasks(data: C): readonly HeadTask[];
  /** The number that runs are compared by; undefined without labels: none is measured then. */
  metric(data: C): Metric | undefined;
  /** The data in a few words, for the headline of a sweep. */
  describe(data: C): string;
  /**
   * The data that flags name in place of the recipe's.
   * @param say called with a line on the data that were found
   * @throws one line on a flag that is missing, or names data that cannot be used
   */
  given(panel: PanelData<C>, flags: DataFlags, say: (line: string) => void): Promise<GivenData<C>>;
  /** The same data without where they lie: moved data are the same. */
  placeless(data: C): C;
  /**
   * What tells that files have changed since, by name, wherever they lie: a hash, or a size where
   * hashing takes long. Empty for data that are made.
   * @throws naming a file that is not there
   */
  contents(data: C): Promise<Contents>;
  /** @throws if there is less than the configuration asks for */
  open(data: C, run: DataRun): Promise<RunData>;
  /** Rows of sample images as runs of seed 0 see them, at these levels of noise. */
  pictures(data: C, levels: readonly number[], rows: number): Promise<Picture[][]>;
  /**
   * Held-out images whose features are looked at.
   * @param points about how many
   * @param random draws them where there are more
   * @throws if the data are not there
   */
  images(data: C, run: ImagesRun, points: number, random: Random): Promise<EmbeddingImages>;
  /** Absent where no challenge is known. */
  readonly challenge?: Challenge<C>;
}

/** File names, and what tells that a file has changed. */
export type Contents = Readonly<Record<string, string>>;

/** The part of a run's configuration that its held-out images depend on. */
export type ImagesRun = Pick<DataRun, 'imageNoise' | 'seed'>;

/** Parts of the help of experiments:sweep. */
interface DataHelp {
  /** Meaning of --data, after "recipes on"; absent if the kind makes its data. */
  readonly data?: string;
  /** Flags of an example. */
  readonly example?: string;
}

/** Flags about data. Paths are absolute. */
export interface DataFlags {
  readonly recipe: string;
  readonly data?: string | undefined;
  readonly textures?: string | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly noiseClass?: string | undefined;
}
type DataFlag = Exclude<keyof DataFlags, 'recipe'>;

/** The part of a panel that its data have a say in. */
export interface PanelData<C> {
  readonly data: C;
  readonly imageNoises: readonly number[];
  readonly noisyShares: readonly number[];
}

/** The same part with the data that flags name. */
export interface GivenData<C> extends Omit<PanelData<C>, 'imageNoises'> {
  /** Assumptions in place of the recipe's: field -> [choice, why]. */
  readonly assumptions?: Readonly<Record<string, readonly [string, string]>>;
}

/** How predictions on a kind of data are handed in to a challenge. */
interface Challenge<C> {
  /** Edge of a tile in pixels; crops of the run's size have to fill it. */
  readonly tileSize: number;
  /**
   * Whole tiles of a split.
   * @param index another index file than that of the configuration
   * @throws if there are none, or some are of another size
   */
  open(data: C, split: string, index?: string): Promise<ChallengeTiles>;
}

/** Tiles that are predicted crop by crop. */
export interface ChallengeTiles {
  /** Number of tiles. */
  readonly length: number;
  /** The crops: tile by tile, row by row, two images and classes of damage a crop. */
  readonly source: SourceSpec;
  /**
   * Writes a tile's predicted classes in the challenge's format.
   * @param mask [tileSize, tileSize, 1] @returns the ID in the file's name, and the place
   */
  write(out: string, tile: number, mask: Raster): Promise<readonly [id: string, place: string]>;
}
