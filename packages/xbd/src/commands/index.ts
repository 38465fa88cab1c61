#!/usr/bin/env node
import { callerPath, openCommand, openProgressBar, runCommand } from '@noisy-pairs/command-line';
import Table from 'cli-table3';
import { compareTargets, type TargetComparison } from '../index/compare-targets.ts';
import { countByEvent } from '../index/events.ts';
import { writeIndex, type XbdIndex } from '../index/index-file.ts';
import { indexXbd } from '../index/index-xbd.ts';
import { damages } from '../labels/label.ts';
import { requireRoot } from './require-root.ts';

const command = openCommand(
  'xbd:index',
  "Finds xBD's images, labels and targets below a folder, pairs them, checks labels against " +
    'images, and says what is wrong.',
  ['npx nx run xbd:index -- --root ~/xbd --out ~/xbd/index.json'],
)
  .requiredOption(
    '--root <folder>',
    'where the archives were unpacked: holds train/, tier3/, test/, hold/ or geotiffs/, or ' +
      'images/ and labels/ themselves',
    callerPath,
  )
  .option('--out <file>', 'writes the index there, for other commands and programs', callerPath)
  .option(
    '--pixels',
    'reads the images too, for the share of nodata of each pair (minutes for the whole set)',
  )
  .option('--targets', 'compares the target PNGs that were shipped with masks made from the labels')
  .option('--no-problems', 'counts problems without listing them')
  .option('--json', 'print one JSON line instead of tables');

interface Findings {
  readonly index: XbdIndex;
  /** undefined if targets were not to be compared. */
  readonly compared: readonly TargetComparison[] | undefined;
  readonly seconds: number;
}

/** The numbers that --json prints. */
function numbersOf({ index: { pairs, problems, unknownFiles }, compared, seconds }: Findings) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const fatal = problems.filter((problem) => problem.fatal);
  return {
    ...(compared && {
      targets: compared.filter(({ problem }) => problem === undefined).length,
      targetsNotCompared: compared.filter(({ problem }) => problem !== undefined).length,
      targetPixelsDiffering: sum(compared.map(({ differing }) => differing)),
      targetPixels: sum(compared.map(({ of }) => of)),
    }),
    pairs: pairs.length,
    unusable: new Set(fatal.map(({ split, stem }) => `${split}/${stem}`)).size,
    problems: problems.length,
    unknownFiles: unknownFiles.length,
    seconds,
  };
}

/** Pairs and buildings by split and disaster. */
function tableOf({ pairs }: XbdIndex): string {
  const counts = ['pairs', 'with damage', ...damages];
  const table = new Table({
    head: ['split', 'disaster', 'type', ...counts],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'left', ...counts.map(() => 'right' as const)],
  });
  for (const { split, disaster, type, pairs: count, damaged, buildings } of countByEvent(pairs))
    table.push([split, disaster, type, count, damaged, ...buildings]);
  return table.toString();
}

/** A line for each thing that is not as expected. */
function problemLines({ index: { problems, unknownFiles }, compared = [] }: Findings): string[] {
  return [
    ...problems.map(({ split, stem, file, what, fatal }) => {
      const where = file ? `${file}: ` : '';
      const place = stem ? `${split}/${stem}: ` : '';
      return `${fatal ? 'NO PAIR' : 'note   '}  ${place}${where}${what}`;
    }),
    ...unknownFiles.map((file) => `ignored  ${file}: expected a name of xBD`),
    ...compared.flatMap(({ file, problem }) =>
      problem === undefined ? [] : [`target   ${file}: not compared: ${problem}`],
    ),
    ...compared
      .filter(({ differing }) => differing > 0)
      .map(
        ({ file, differing, of }) =>
          `target   ${file}: ${differing} of ${of} building pixels differ from the label's mask`,
      ),
  ];
}

function summaryLines(findings: Findings, out: string | undefined): string[] {
  const numbers = numbersOf(findings);
  const { targets, targetPixelsDiffering: differing = 0, targetPixels = 0 } = numbers;
  const left = numbers.targetsNotCompared ? `, ${numbers.targetsNotCompared} not` : '';
  const counts = `${targets ?? 0} targets compared${left}`;
  const targetLine = `${counts}: ${differing} of ${targetPixels} building`;
  return [
    ...(targets === undefined ? [] : [`${targetLine} pixels differ`]),
    `${numbers.pairs} pairs; ${numbers.unusable} places that are none, ` +
      `${numbers.problems} problems in all, ${numbers.unknownFiles} files ignored; ` +
      `${numbers.seconds} s${out === undefined ? '' : `; ${out}`}`,
  ];
}

await runCommand(command, async ({ root, out, pixels = false, targets, problems, json }) => {
  requireRoot(root);
  const bar = openProgressBar('places');
  const started = performance.now();
  const progress = json ? {} : { onProgress: bar.update };
  const index = await indexXbd(root, { pixels, ...progress }).finally(bar.stop);
  if (out !== undefined) await writeIndex(out, index);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const compared = targets ? await compareTargets(root, index.pairs) : undefined;
  const findings: Findings = { index, compared, seconds };
  if (json) {
    console.log(JSON.stringify(numbersOf(findings)));
    return;
  }
  console.log(tableOf(index));
  const lines = problems ? problemLines(findings) : [];
  for (const line of [...lines, ...summaryLines(findings, out)]) console.log(line);
});
