import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, flattenTree } from '@noisy-pairs/engine';
import { loadWeights } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { fullRun } from '../../fixtures/run.mjs';
import { hashTensors } from '../encoders/weight-hash.ts';
import { pretrain } from './pretrain.ts';

const folder = () => mkdtemp(join(tmpdir(), 'checkpoint-v2-'));
const old = new URL('../../fixtures/checkpoint-v2.safetensors', import.meta.url);

/** The run to its end: hashes of its encoder and of its last checkpoint, and its summary. */
async function finish(out: string) {
  const { encoder, summary } = await pretrain(fullRun(out));
  const hash = await hashTensors(flattenTree(encoder));
  const { tensors } = await loadWeights(join(out, 'checkpoint.safetensors'));
  const state = await hashTensors(tensors);
  [encoder, tensors].forEach(disposeAll);
  return { hash, state, names: Object.keys(tensors), summary };
}

it(
  'a run is taken up from a checkpoint of version 2, to the very end of one never interrupted',
  { timeout: 120_000 },
  async () => {
    const whole = await finish(await folder());
    const out = await folder();
    await copyFile(old, join(out, 'checkpoint.safetensors'));
    const resumed = await finish(out);
    expect(resumed.hash).toBe(whole.hash);
    expect(resumed.state).toBe(whole.state);
    expect(resumed.names).toEqual(expect.arrayContaining(['queues/queue', 'queues/denseQueue']));
    const { seconds, ...summary } = resumed.summary;
    expect(whole.summary).toMatchObject(summary);
    expect(seconds).toBeGreaterThan(1.13); // what the old run had spent
  },
);
