#!/usr/bin/env node
import Table from 'cli-table3';
import { Command } from 'commander';
import { damages } from '../labels/label.ts';
import { compareTargets } from '../labels/compare-targets.ts';
import { indexXbd, writeIndex, type XbdIndex } from '../index/xbd-index.ts';
import { failAs, fromCaller } from './options.ts';
import { openBar } from './progress.ts';

interface Flags {
  readonly root: string;
  readonly out?: string;
  readonly pixels?: true;
  readonly targets?: true;
  readonly problems: boolean;
  readonly json?: true;
}

const command = new Command('xbd:index')
  .description(
    "Finds xBD's images, labels and targets below a folder, pairs them, checks labels against " +
      'images, and says what is wrong.',
  )
  .requiredOption(
    '--root <folder>',
    'where the archives were unpacked: holds train/, tier3/, test/, hold/ or geotiffs/, or ' +
      'images/ and labels/ themselves',
    fromCaller,
  )
  .option('--out <file>', 'writes the index there, for other commands and programs', fromCaller)
  .option(
    '--pixels',
    'reads the images too, for the share of nodata of each pair (minutes for the whole set)',
  )
  .option('--targets', 'compares the target PNGs that were shipped with masks made from the labels')
  .option('--no-problems', 'counts problems without listing them')
  .option('--json', 'print one JSON line instead of tables')
  .addHelpText(
    'after',
    `
Example:
  npx nx run xbd:index -- --root ~/xbd --out ~/xbd/index.json`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

/** Pairs and buildings by split and disaster. */
function tableOf({ pairs }: XbdIndex): string {
  const table = new Table({
    head: ['split', 'disaster', 'type', 'pairs', 'with damage', ...damages],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'left', ...new Array<'right'>(2 + damages.length).fill('right')],
  });
  const rows = new Map<
    string,
    {
      split: string;
      disaster: string;
      type: string;
      pairs: number;
      damaged: number;
      buildings: number[];
    }
  >();
  for (const { split, disaster, type, buildings } of pairs) {
    const key = `${split} ${disaster}`;
    const row = rows.get(key) ?? {
      split,
      disaster,
      type,
      pairs: 0,
      damaged: 0,
      buildings: damages.map(() => 0),
    };
    row.pairs++;
    if (buildings['minor-damage'] + buildings['major-damage'] + buildings.destroyed > 0)
      row.damaged++;
    damages.forEach((damage, i) => {
      row.buildings[i] = (row.buildings[i] ?? 0) + buildings[damage];
    });
    rows.set(key, row);
  }
  for (const { split, disaster, type, pairs: count, damaged, buildings } of rows.values())
    table.push([split, disaster, type, count, damaged, ...buildings]);
  return table.toString();
}

async function main({ root, out, pixels, targets, problems: list, json }: Flags): Promise<void> {
  const bar = openBar('places');
  const started = performance.now();
  const index = await indexXbd(root, {
    pixels: pixels === true,
    ...(json ? {} : { onProgress: bar.update }),
  }).finally(bar.stop);
  if (out !== undefined) await writeIndex(out, index);
  const { pairs, problems, unknownFiles } = index;
  const unusable = new Set(
    problems.filter(({ fatal }) => fatal).map(({ split, stem }) => `${split}/${stem}`),
  ).size;
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const compared = targets ? await compareTargets(root, pairs) : [];
  const [differing, of] = compared.reduce(([a, b], one) => [a + one.differing, b + one.of], [0, 0]);
  if (json) {
    console.log(
      JSON.stringify({
        ...(targets
          ? { targets: compared.length, targetPixelsDiffering: differing, targetPixels: of }
          : {}),
        pairs: pairs.length,
        unusable,
        problems: problems.length,
        unknownFiles: unknownFiles.length,
        seconds,
      }),
    );
    return;
  }
  console.log(tableOf(index));
  if (list)
    for (const { split, stem, file, what, fatal } of problems)
      console.log(
        `${fatal ? 'NO PAIR' : 'note   '}  ${split}/${stem}: ${file ? `${file}: ` : ''}${what}`,
      );
  if (list)
    for (const file of unknownFiles) console.log(`ignored  ${file}: expected a name of xBD`);
  if (list)
    for (const one of compared)
      if (one.differing > 0)
        console.log(
          `target   ${one.file}: ${one.differing} of ${one.of} building pixels differ from the ` +
            `label's mask`,
        );
  if (targets)
    console.log(
      `${compared.length} targets compared: ${differing} of ${of} building pixels differ`,
    );
  console.log(
    `${pairs.length} pairs; ${unusable} places that are none, ${problems.length} problems in ` +
      `all, ${unknownFiles.length} files ignored; ${seconds} ` +
      `s${out === undefined ? '' : `; ${out}`}`,
  );
}

main(command.opts<Flags>()).catch(failAs('xbd:index'));
