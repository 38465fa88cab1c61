import { callerPath, Option, type openCommand } from '@noisy-pairs/command-line';
import type { IndexOptions } from '../../index/options.ts';
import { dateChoices, type DateChoice } from '../../rules/dated-places.ts';
import { parseBands, parseClasses, parsePlace, parseSplit, parseStretch } from './flag-values.ts';

type Command = ReturnType<typeof openCommand>;

/** Adds the flags that say what the pairs of a folder are. */
export function withIndexFlags(command: Command) {
  return command
    .option('--list <file>', 'pairs: CSV, TSV or JSON lines, or lines of paths', callerPath)
    .option('--first <folder>', 'the folder of the first images: a name, or a path below the root')
    .option('--second <folder>', 'the folder of the second images')
    .addOption(new Option('--dates <which>', 'of a place with several dates').choices(dateChoices))
    .option(
      '--split <by>',
      'list, folder, prefix, none, or a share of the places that is test, as 0.2 (default: the ' +
        'first of list, folder, prefix that says anything)',
    )
    .option('--place <pattern>', 'a regular expression whose group is the place in a name')
    .option('--bands <numbers>', 'bands that are red, green and blue, as 4,3,2')
    .option(
      '--stretch [percent]',
      "16 bits and floats: from and to which percent of the set's values (default 2,98); none " +
        'for values 0..255',
    )
    .option('--fit <way>', 'crop: of images of two sizes the upper left part that both have')
    .option(
      '--classes <list>',
      'classes of masks with more than two values, as 0=none,1=built,#ff0000=gone,9=ignore; of a ' +
        'mask of change, the first is no change',
    );
}

/** The flags of withIndexFlags as they are given. */
export interface IndexFlags {
  readonly list?: string;
  readonly first?: string;
  readonly second?: string;
  readonly dates?: DateChoice;
  readonly split?: string;
  readonly place?: string;
  readonly bands?: string;
  readonly stretch?: string | true;
  readonly fit?: string;
  readonly classes?: string;
}

/** @throws `--FLAG: expected ..., got ...` */
export function indexOptionsOf(flags: IndexFlags): IndexOptions {
  const { list, first, second, dates, split, place, bands, stretch, fit, classes } = flags;
  if (fit !== undefined && fit !== 'crop') throw new Error(`--fit: expected crop, got ${fit}`);
  if (list !== undefined && first !== undefined)
    throw new Error('--list and --first: expected one of them, got both');
  return {
    list,
    first,
    second,
    dates,
    fit,
    split: split === undefined ? undefined : parseSplit(split),
    place: place === undefined ? undefined : parsePlace(place),
    bands: bands === undefined ? undefined : parseBands(bands),
    stretch: stretch === undefined ? undefined : parseStretch(stretch),
    classes: classes === undefined ? undefined : parseClasses(classes),
  };
}
