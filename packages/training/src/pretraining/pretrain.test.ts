import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAll, tf } from '@noisy-pairs/engine';
import { denseCl, loadWeights, pixContrast, pixPro, resnet, vader } from '@noisy-pairs/models';
import { describe, expect, it } from 'vitest';
import { smallRun } from '../../fixtures/run.mjs';
import { NonFiniteLossError } from '../run-folder/meter.ts';
import { pretrain } from './pretrain.ts';
import type { Progress } from '../run-folder/progress.ts';
import { readMetrics, type MetricsLine } from '../run-folder/run-log.ts';

const folder = () => mkdtemp(join(tmpdir(), 'pretrain-'));
const encoderFile = (out: string) => readFile(join(out, 'encoder.safetensors'));
const timeless = (lines: MetricsLine[]) =>
  lines.map(({ time, stepMs, dataWaitMs, ...line }) => {
    expect([time, stepMs, dataWaitMs].every(Number.isFinite)).toBe(true);
    return line;
  });
/** Name, shape and bits of every tensor in a weight file. */
async function bits(path: string): Promise<unknown> {
  const { tensors } = await loadWeights(path);
  const all = Object.entries(tensors).map(([name, t]) => [
    name,
    t.shape,
    Buffer.from(new Uint8Array(t.dataSync().buffer)).toString('base64'),
  ]);
  disposeAll(tensors);
  return all.sort();
}

describe('pretraining', () => {
  it('learns, reports, and leaves its files', { timeout: 60_000 }, async () => {
    const out = await folder();
    const seen: number[] = [];
    const run = smallRun(out);
    const onProgress = ({ step, steps, secondsLeft }: Progress) => {
      seen.push(step);
      expect(steps).toBe(60);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    };
    const { encoder, summary } = await pretrain({
      ...run,
      batchSize: 16,
      length: { epochs: 15 },
      logEvery: 1,
      checkpointEvery: 25,
      views: { ...run.views, jitter: { ...run.views.jitter, probability: 0 }, grey: 0 },
      noisyShare: 0,
      onProgress,
    });
    expect(summary).toMatchObject({
      steps: 60,
      chanceLoss: run.method.chanceLoss,
      randomLoss: Math.log(17) + 1 / (2 * 16 * 0.5 ** 2),
      learned: true,
    });
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const lines = await readMetrics(join(out, 'metrics.jsonl'));
    expect(lines.map(({ step }) => step)).toEqual(seen);
    for (const line of lines) {
      expect(line.epoch).toBeCloseTo(line.step / 4, 9);
      expect(line['lossAboveRandom']).toBeCloseTo(
        (line['loss'] ?? NaN) - (summary.randomLoss ?? NaN),
        9,
      );
      for (const name of ['loss', 'accuracy', 'featureStd', 'learningRate'])
        expect(line[name], name).toEqual(expect.any(Number));
    }
    // Half a nat below ln(1 + K), which is what one and the same embedding for all would give.
    expect(summary.finalLoss).toBeLessThan(Math.log(17) - 0.5);
    expect(summary.finalLoss).toBeCloseTo(
      lines.slice(-3).reduce((sum, line) => sum + (line['loss'] ?? NaN), 0) / 3,
      9,
    );
    expect(lines.at(-1)?.['featureStd']).toBeGreaterThan(0.4);
    expect((await readdir(out)).sort()).toEqual([
      'checkpoint.safetensors',
      'encoder.safetensors',
      'events.out.tfevents.0.noisy-pairs',
      'metrics.jsonl',
    ]);
    const { tensors } = await loadWeights(join(out, 'encoder.safetensors'));
    expect(Object.keys(tensors).sort()).toEqual(
      [
        ...Object.keys(encoder.params).map((n) => `params/${n}`),
        ...Object.keys(encoder.stats).map((n) => `stats/${n}`),
      ].sort(),
    );
    for (const [name, tensor] of Object.entries(encoder.params))
      expect(tensors[`params/${name}`]?.dataSync()).toEqual(tensor.dataSync());
    for (const all of [tensors, encoder.params, encoder.stats]) disposeAll(all);
  });

  it(
    'killed in the middle and started again, ends with the very same weights',
    { timeout: 120_000 },
    async () => {
      const whole = await folder();
      const killed = await folder();
      await pretrain(smallRun(whole)).then(({ encoder }) => {
        disposeAll(encoder.params);
        disposeAll(encoder.stats);
      });

      const child = spawn(
        process.execPath,
        [new URL('../../fixtures/child.mjs', import.meta.url).pathname, killed],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.on('exit', (_, signal) => {
          resolve(signal);
        }),
      );
      child.stdout.on('data', (text: Buffer) => {
        if (/step 14\b/.test(String(text))) child.kill('SIGKILL');
      });
      expect(await ended).toBe('SIGKILL');
      expect(existsSync(join(killed, 'encoder.safetensors'))).toBe(false);
      expect(existsSync(join(killed, 'checkpoint.safetensors'))).toBe(true);

      const steps: number[] = [];
      const { encoder, summary } = await pretrain({
        ...smallRun(killed),
        workers: 1,
        onProgress: ({ step }) => {
          steps.push(step);
        },
      });
      expect(steps[0]).toBe(14); // from the checkpoint at 12 on
      for (const all of [encoder.params, encoder.stats]) disposeAll(all);
      expect(await bits(join(killed, 'encoder.safetensors'))).toEqual(
        await bits(join(whole, 'encoder.safetensors')),
      );
      expect(await bits(join(killed, 'checkpoint.safetensors'))).toEqual(
        await bits(join(whole, 'checkpoint.safetensors')),
      );
      expect(timeless(await readMetrics(join(killed, 'metrics.jsonl')))).toEqual(
        timeless(await readMetrics(join(whole, 'metrics.jsonl'))),
      );

      // A finished run started once more trains nothing and says the same.
      const again = await pretrain({
        ...smallRun(killed),
        onProgress: () => {
          throw new Error('trained');
        },
      });
      expect(again.summary).toEqual(summary);
      for (const all of [again.encoder.params, again.encoder.stats]) disposeAll(all);
    },
  );

  it('keeps no tensor from step to step', { timeout: 60_000 }, async () => {
    const counts: number[] = [];
    const before = tf.memory().numTensors;
    const { encoder } = await pretrain({
      ...smallRun(await folder()),
      logEvery: 1,
      onProgress: () => counts.push(tf.memory().numTensors),
    });
    expect(new Set(counts).size).toBe(1);
    for (const all of [encoder.params, encoder.stats]) disposeAll(all);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops at a non-finite loss and names its step', { timeout: 60_000 }, async () => {
    const out = await folder();
    const run = pretrain({
      ...smallRun(out),
      learningRate: 1e30,
      warmupSteps: 0,
      logEvery: 5,
      checkpointEvery: 100,
    });
    const error = await run.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect((error as Error).message).toMatch(
      /^loss: expected a finite number, got (NaN|-?Infinity) at step [2-5]$/,
    );
    expect(existsSync(join(out, 'encoder.safetensors'))).toBe(false);
  });

  it(
    'refuses a checkpoint of other settings, naming the first that differs',
    { timeout: 60_000 },
    async () => {
      const out = await folder();
      const { encoder } = await pretrain(smallRun(out));
      for (const all of [encoder.params, encoder.stats]) disposeAll(all);
      const finished = await encoderFile(out);
      await expect(pretrain({ ...smallRun(out), weightDecay: 0.5 })).rejects.toThrow(
        'checkpoint.safetensors: weightDecay: expected 0.5, got 0.0001 in the checkpoint',
      );
      expect(await encoderFile(out)).toEqual(finished);
    },
  );

  it('stops by its signal', async () => {
    await expect(
      pretrain({ ...smallRun(await folder()), signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });

  it('refuses options out of range', async () => {
    const run = smallRun(await folder());
    await expect(pretrain({ ...run, batchSize: 0 })).rejects.toThrow(
      'batchSize: expected a positive whole number, got 0',
    );
    await expect(pretrain({ ...run, length: { steps: 0.5 } })).rejects.toThrow(
      'length: expected a positive number of steps or epochs, got 0.5',
    );
    await expect(pretrain({ ...run, warmupSteps: 24 })).rejects.toThrow(
      'warmupSteps: expected fewer than the 24 steps of the run, got 24',
    );
  });

  it(
    'methods that go by place refuse pairs without a common frame, with the reason; others ' +
      'take them',
    { timeout: 60_000 },
    async () => {
      const run = smallRun(await folder());
      const source = { ...run.source, factory: 'openApartBlocks' },
        length = { steps: 2 },
        warmupSteps = 0;
      const encoder = resnet({ depth: 10, width: 4, stem: 'small', strides: [2] });
      const settings = {
        dimensions: 8,
        hidden: 8,
        queueSize: 64,
        momentum: 0.9,
        temperature: 0.5,
        instanceWeight: 0.5,
      };
      for (const method of [
        pixPro(encoder, { ...settings, distance: 0.7 }),
        pixContrast(encoder, { ...settings, distance: 0.7 }),
        vader(encoder, { ...settings, points: 2 }),
      ]) {
        await expect(pretrain({ ...run, method, source, length, warmupSteps })).rejects.toThrow(
          `method ${method.name}: expected pairs whose images share one coordinate frame, got ` +
            'apart blocks: no pixel of one image is the place of one in the other',
        );
      }
      const { encoder: weights, summary } = await pretrain({
        ...run,
        method: denseCl(encoder, settings),
        source,
        length,
        warmupSteps,
      });
      expect(summary.steps).toBe(2);
      [weights.params, weights.stats].forEach(disposeAll);
    },
  );
});
