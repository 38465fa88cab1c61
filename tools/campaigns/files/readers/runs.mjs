// Files of runs and sweeps.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expandGrid, planSweep, prepareSweep, recipe, runsOf } from '@noisy-pairs/experiments';
import { configHash, runConfig } from '@noisy-pairs/experiments';
import { readMetrics } from '@noisy-pairs/training';
import { inFolder } from '../in-folder.mjs';
import { built } from '../readers.mjs';

const dist = 'experiments/dist/run';
const { readConfigFile } = await import(built(`${dist}/config-file.js`));
const { findResult, sealed } = await import(built(`${dist}/result/run-result.js`));
const { filesOfRun } = await import(built(`${dist}/result/run-files.js`));
const { runNotes } = await import(built(`${dist}/result/run-notes.js`));

const sweep = recipe('smoke');
const { config } = runsOf(expandGrid(sweep))[0];
const line = (step) => ({ step, epoch: step / 10, learningRate: 0.1, time: 1e9, loss: 1 / step });
const lines = Array.from({ length: 12 }, (_, i) => line(i + 1));
const toText = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const result = {
  configHash: configHash(config),
  seconds: 12.5,
  files: { 'metrics.jsonl': { bytes: 1, sha256: 'a' } },
  environment: {
    node: 'v1',
    tensorflow: '2',
    cpu: 'x',
    threads: 1,
    steps: 'compiled',
    precision: 'float32',
  },
};

async function one(folder, name, text) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  return [join(folder, name)];
}

/** Of a text in which a lone surrogate or byte that is no UTF-8 is replaced, as readers do. */
const parsed = (bytes) => JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));

export const readers = {
  'result.json': {
    isText: true,
    samples: (folder) => one(folder, 'result.json', json(sealed(result))),
    read: (path, onNote) =>
      inFolder(path, 'result.json', (folder, renamed) => {
        const { result: found, damage } = findResult(folder, config);
        if (damage !== undefined) onNote(renamed(damage));
        // of another configuration: no result of this one
        if (!found && damage === undefined) onNote(`${path}: none of this configuration`);
        return found ?? null;
      }),
  },
  'config.json': {
    isText: true,
    samples: (folder) => one(folder, 'config.json', json(config)),
    read: (path) => inFolder(path, 'config.json', (folder) => readConfigFile(folder, runConfig)),
    peer: parsed,
  },
  'sweep.json': {
    isText: true,
    async samples(folder) {
      const plan = planSweep(sweep, folder);
      await (await prepareSweep(plan)).release();
      return [join(folder, 'sweep.json')];
    },
    /** The folder is this sweep's, or is refused. */
    read: (path) =>
      inFolder(path, 'sweep.json', async (folder, renamed) => {
        try {
          await (await prepareSweep(planSweep(sweep, folder))).release();
          return 'the same sweep';
        } catch (error) {
          // another sweep's folder is named
          throw new Error(renamed(error.message).replaceAll(`${folder}: `, `${path}: `));
        }
      }),
  },
  'metrics.jsonl': {
    isText: true,
    samples: (folder) => one(folder, 'metrics.jsonl', toText(lines)),
    read: readMetrics,
    /** Lines of numbers by name, the last without its end left out. */
    peer: (bytes) =>
      new TextDecoder()
        .decode(bytes)
        .split('\n')
        .slice(0, -1)
        .map((text) => JSON.parse(text)),
  },
  'finished run': {
    isText: true,
    /** Its metrics are sealed by its result. */
    samples: (folder) => one(folder, 'metrics.jsonl', toText(lines)),
    read: (path, onNote) =>
      inFolder(path, 'metrics.jsonl', async (folder, renamed) => {
        const whole = join(folder, 'metrics.jsonl');
        const damaged = await readFile(whole);
        await writeFile(whole, toText(lines));
        await writeFile(join(folder, 'encoder.safetensors'), 'weights');
        const files = await filesOfRun(folder);
        await writeFile(whole, damaged);
        const notes = await runNotes(folder, { config, result: { ...result, files } });
        for (const note of notes) onNote(renamed(note));
        return damaged.toString('base64');
      }),
  },
};
