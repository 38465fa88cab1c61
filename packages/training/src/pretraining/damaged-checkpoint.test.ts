import { mkdtemp, readFile, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import { moco, resnet } from '@noisy-pairs/models';
import { expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import type { PretrainOptions } from './options.ts';
import { pretrain } from './pretrain.ts';

const folder = () => mkdtemp(join(tmpdir(), 'damaged-'));
const encoderFile = (out: string) => readFile(join(out, 'encoder.safetensors'));
const options = (out: string): PretrainOptions => smallRun(out);

/** Stops after a step. */
async function stopAfter(out: string, last: number): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ step }: { readonly step: number }) => {
    if (step === last) stop.abort(new Error('stopped'));
  };
  const run = pretrain({ ...options(out), onProgress, signal: stop.signal });
  await expect(run).rejects.toThrow('stopped');
}

async function finish(run: PretrainOptions): Promise<string[]> {
  const lines: string[] = [];
  const { encoder } = await pretrain({ ...run, onMessage: (line) => lines.push(line) });
  disposeAll(encoder);
  return lines;
}

it(
  'a damaged checkpoint is left for the one before, in a line, and the end is the same',
  { timeout: 60_000 },
  async () => {
    const [whole, damaged] = [await folder(), await folder()];
    await finish(options(whole));
    await stopAfter(damaged, 14);
    const path = join(damaged, 'checkpoint.safetensors');
    await truncate(path, 1000);
    const [line] = await finish(options(damaged));
    expect(line).toContain(`${path}: expected `);
    expect(line).toContain(
      `damaged; the run goes on from ${join(damaged, 'checkpoint.previous.safetensors')}`,
    );
    const position = async (out: string) =>
      (await encoderFile(out)).subarray(-1000).toString('base64'); // the last weights
    expect(await position(damaged)).toBe(await position(whole));
  },
);

it(
  "another method's or encoder's checkpoint is refused by the name that differs, also where all " +
    'shapes are the same',
  { timeout: 60_000 },
  async () => {
    const out = await folder();
    await stopAfter(out, 6);
    const config = {
      dimensions: 16,
      hidden: 32,
      queueSize: 16,
      momentum: 0.9,
      temperature: 0.5,
    };
    const encoder = { depth: 10, width: 8, stem: 'small', strides: [1, 2] } as const;
    const other = (changed: object, changedEncoder: object = {}) =>
      finish({
        ...options(out),
        method: moco(resnet({ ...encoder, ...changedEncoder }), { ...config, ...changed }),
      });
    await expect(other({ temperature: 0.2 })).rejects.toThrow(
      'method.temperature: expected 0.2, got 0.5 in the checkpoint',
    );
    await expect(other({ momentum: 0.99 })).rejects.toThrow(
      'method.momentum: expected 0.99, got 0.9 in the checkpoint',
    );
    await expect(other({}, { strides: [2, 1] })).rejects.toThrow(
      'encoder.strides: expected [2,1], got [1,2] in the checkpoint',
    );
    await expect(other({}, { batchNormGroups: 2 })).rejects.toThrow(
      'encoder.batchNormGroups: expected 2, got none in the checkpoint',
    );
    await finish(options(out));
  },
);
