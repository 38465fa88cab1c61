// Reads every small input of a folder of cases that once went wrong, and compares what comes with
// the right value: a table case | expected | got | same.
//
//   npx nx run experiments:build && npx nx run engine:runtime
//   node tools/campaigns/cases.mjs FOLDER [pixelCases|labelCases|...]
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commandCases } from './cases/command-cases.mjs';
import { labelCases } from './cases/label-cases.mjs';
import { machineCases } from './cases/machine-cases.mjs';
import { pixelCases } from './cases/pixel-cases.mjs';
import { roughCases } from './cases/rough-cases.mjs';
import { weightCases } from './cases/weight-cases.mjs';

const all = { pixelCases, labelCases, roughCases, commandCases, weightCases, machineCases };
const [given, only] = process.argv.slice(2);
if (!given) throw new Error('expected the folder of the cases, got none');
const lists = only === undefined ? Object.values(all) : [all[only]];
const scratch = mkdtempSync(join(tmpdir(), 'cases-'));
const folder = join(scratch, 'cases');
cpSync(resolve(given), folder, { recursive: true, verbatimSymlinks: true });

let wrong = 0;
let count = 0;
/** On one line, cut, without the paths of this machine. */
function cell(value) {
  const text = String(value).replaceAll(scratch, '').replaceAll('|', '\\|').trim();
  return text.length > 300 ? `${text.slice(0, 150)} ... ${text.slice(-150)}` : text;
}
console.log('| case | expected | got | same |\n| --- | --- | --- | --- |');
for (const cases of lists) {
  // expected: a value, or a regular expression of what is said
  for await (const { name, expected, got } of cases(folder, scratch)) {
    const isSame = expected instanceof RegExp ? expected.test(got) : String(got) === expected;
    count++;
    if (!isSame) wrong++;
    console.log(`| ${[name, expected, got, isSame ? 'yes' : 'NO'].map(cell).join(' | ')} |`);
  }
}
console.log(`${count} cases, ${wrong} not right`);
process.exitCode = wrong > 0 ? 1 : 0;
