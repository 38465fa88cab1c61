// .safetensors: weights, an encoder to begin with, checkpoints.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { disposeAll, tf } from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import {
  exportEncoder,
  importEncoder,
  loadWeights,
  resnet,
  saveWeights,
} from '@noisy-pairs/models';
import { inFolder } from '../in-folder.mjs';
import { built } from '../readers.mjs';

const checkpoints = await import(built('training/dist/run-folder/checkpoint.js'));
const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [1, 2] });

/** Values by name, as hexadecimal, since NaNs may differ too. */
async function valuesOf(tensors) {
  const names = Object.keys(tensors).sort();
  const values = await Promise.all(names.map((name) => tensors[name].data()));
  disposeAll(tensors);
  return names.map((name, i) => [name, tensors[name].shape, hexOf(values[i])]);
}

const hexOf = ({ buffer, byteOffset, byteLength }) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** Another reader of the format: tensors of F32 and I32 by their header. */
function entriesOf(bytes) {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)),
  );
  const { __metadata__: _, ...entries } = header;
  return Object.entries(entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const data = bytes.subarray(start + from, start + to);
        if (dtype === 'F16' || dtype === 'BF16') throw new Error(`${name}: ${dtype}`);
        return [name, shape, data.toString('base64')];
      },
    );
}

/** Nothing in inference asks how many batches a norm has seen: their counts are not read. */
const withoutCounters = (entries) =>
  entries.filter(([name]) => !name.endsWith('num_batches_tracked'));

const stateOf = (step) => ({
  network: { kernel: tf.fill([3, 4], step), bias: tf.range(0, 4) },
  velocity: { kernel: tf.zeros([3, 4]) },
});
const settings = { seed: 1, steps: 100 };
const positionOf = (step) => ({
  step,
  tail: { sums: { loss: 2 * step }, count: step },
  times: { training: step, waiting: 1, paused: 0 },
  settings,
});
const expected = stateOf(0);
/** Folder of the samples of checkpoints. */
const before = 'samples of checkpoint';

export const readers = {
  weights: {
    async samples(folder) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, 'weights.safetensors');
      await saveWeights(path, {
        a: tf.range(0, 24).reshape([2, 3, 4]),
        b: tf.tensor1d([1, 2], 'int32'),
      });
      return [path];
    },
    read: async (path) => valuesOf((await loadWeights(path)).tensors),
    peer: entriesOf,
  },
  encoder: {
    async samples(folder) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, 'encoder.safetensors');
      await exportEncoder(path, encoder, encoder.init(Random.from(1)));
      return [path];
    },
    async read(path) {
      // written again, since tensors have another layout than the file
      const again = `${path} again.safetensors`;
      const { params, stats } = await importEncoder(path, encoder);
      await exportEncoder(again, encoder, { params, stats });
      disposeAll(params);
      disposeAll(stats);
      const entries = withoutCounters(entriesOf(await readFile(again)));
      await rm(again);
      return entries;
    },
    peer: (bytes) => withoutCounters(entriesOf(bytes)),
  },
  checkpoint: {
    /** Damaged checkpoints are sealed: the one before, or the start, is taken, with a line. */
    async samples(folder) {
      await mkdir(folder, { recursive: true });
      await checkpoints.saveCheckpoint(folder, stateOf(10), positionOf(10));
      await checkpoints.saveCheckpoint(folder, stateOf(20), positionOf(20));
      return [join(folder, 'checkpoint.safetensors')];
    },
    read: (path, onNote) =>
      inFolder(path, 'checkpoint.safetensors', async (folder, renamed) => {
        const previous = 'checkpoint.previous.safetensors';
        const samples = join(dirname(path), before);
        const beside = existsSync(samples) ? samples : dirname(path);
        await copyFile(join(beside, previous), join(folder, previous));
        const say = (line) => onNote(renamed(line));
        const found = await checkpoints.loadNewest(folder, expected, settings, say);
        const { network, velocity } = found.state;
        return [found.checkpoint, await valuesOf({ ...network, velocity: velocity.kernel })];
      }),
  },
};
