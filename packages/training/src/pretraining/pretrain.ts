import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  disposeAll,
  openProgram,
  under,
  type InputValue,
  type NamedTensors,
  type Precision,
} from '@noisy-pairs/engine';
import { Random } from '@noisy-pairs/imaging';
import { encoderState, saveWeights, type InputScale, type Method } from '@noisy-pairs/models';
import {
  openPairLoader,
  openSource,
  sampleStream,
  type PairBatch,
  type PairFilter,
  type PairLoader,
  type PairSource,
  type SourceSpec,
  type ViewPolicy,
} from '@noisy-pairs/pairs';
import {
  findCheckpoint,
  loadCheckpoint,
  removeUnfinished,
  saveCheckpoint,
  type Checkpoint,
  type Settings,
} from './checkpoint.ts';
import type { EncoderWeights } from '../encoders/encoder-weights.ts';
import { createMeter, meanOf } from '../run-folder/meter.ts';
import { checkMonitor, isDue, joinedLine, measured, type Monitor } from './monitor.ts';
import { openOptimizer } from '../optimizers/optimizer.ts';
import type { Progress } from '../run-folder/progress.ts';
import { openRunLog } from '../run-folder/run-log.ts';
import { learningRateAt } from '../optimizers/schedule.ts';
import { startingEncoder, withEncoder } from './start-weights.ts';
import { extraValues, pretrainStep, stepSpecs } from './step.ts';
import { describeStep } from '../run-folder/step-report.ts';
import { classValues, startClasses } from './true-classes.ts';
import { viewValues } from '../views/view-inputs.ts';

export interface PretrainOptions {
  readonly method: Method;
  /**
   * Borrowed: an encoder to begin with instead of a random one, as query and as key; entries of a
   * head are left out. Heads begin at random.
   */
  readonly start?: EncoderWeights;
  /** A PairSource. */
  readonly source: SourceSpec;
  /** Share of the pairs that are noisy, 0..1. */
  readonly noisyShare: number;
  /**
   * Whether noisy pairs are trained on, left out, or exchanged for clean ones. Default none: they
   * are trained on.
   */
  readonly filter?: PairFilter;
  readonly views: ViewPolicy;
  readonly normalise: InputScale;
  readonly batchSize: number;
  /** Length of the run: steps, or epochs over the pairs that the filter leaves. */
  readonly length: { readonly steps: number } | { readonly epochs: number };
  readonly learningRate: number;
  readonly warmupSteps: number;
  /**
   * Steps at learning rate 0 at the start, so that the queue holds real keys before anything is
   * learned: against random negatives the easy way down is to give all images one embedding, from
   * which some runs never recover. Default 0.
   */
  readonly holdSteps?: number;
  readonly finalLearningRate: number;
  /** Default sgd. */
  readonly optimizer?: 'sgd' | 'lars';
  readonly momentum: number;
  readonly weightDecay: number;
  /** Gradients are scaled down to this norm; absent = never. */
  readonly clipNorm?: number;
  readonly seed: number;
  /** Threads that make batches; 0 = this one. The result does not depend on it. */
  readonly workers: number;
  /** Folder of the run. A checkpoint found in it is taken up. */
  readonly out: string;
  /** In steps. */
  readonly checkpointEvery: number;
  /** In steps. */
  readonly logEvery: number;
  /** Runs steps op by op instead of compiled: slower, to debug a method. Default false. */
  readonly eager?: boolean;
  /**
   * bf16: the networks in bfloat16, faster where the processor has AMX or AVX512-BF16. Default
   * float32.
   */
  readonly precision?: Precision;
  /** Called with a line on how steps are run. */
  readonly onMessage?: (line: string) => void;
  /**
   * A run whose final loss is not this far below the method's chance level has not learned. Default
   * 0.1 nats.
   */
  readonly learnedMargin?: number;
  /**
   * Measures the encoder along the way, into the metrics; changes nothing else. The caller's to
   * close.
   */
  readonly monitor?: Monitor;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops after the step under way; what the last checkpoint holds stays. */
  readonly signal?: AbortSignal;
}

/** JSON-safe. */
export interface PretrainSummary {
  readonly steps: number;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  /** What the loss is when nothing is learned; null where the loss cannot tell. */
  readonly chanceLoss: number | null;
  /** What the loss of random embeddings is; null where it is not known or tells nothing. */
  readonly randomLoss: number | null;
  /**
   * How far embeddings fill the sphere: mean of `featureStd` over the last 5 % of the steps, 1 for
   * evenly, 0 when all are one.
   */
  readonly featureStd: number;
  /**
   * finalLoss < chanceLoss - learnedMargin; where the loss cannot tell, featureStd >= 0.05: the
   * embeddings have not collapsed into one.
   */
  readonly learned: boolean;
  /** Training time, that of interrupted runs up to their last checkpoint included. */
  readonly seconds: number;
}

export interface PretrainResult {
  /** The query encoder; the caller's. */
  readonly encoder: EncoderWeights;
  readonly summary: PretrainSummary;
}

/**
 * Contrastive pretraining from start, or from the folder's checkpoint, to end. Writes into `out`:
 * metrics.jsonl, TensorBoard events, checkpoint.safetensors (and the one before), and at the end
 * encoder.safetensors (`params/*`, `stats/*`). A run that was killed and started again ends with
 * the very weights of one that was not. A monitor's values are in the line of the step after which
 * it measured.
 * @throws NonFiniteLossError naming the first bad step; the signal's reason; an error naming an
 *   option out of range, or a checkpoint of other settings, or what `start` lacks
 */
export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { method, batchSize, seed, out, signal, monitor } = options;
  checkOptions(options);
  await mkdir(out, { recursive: true });

  // ---- data
  const source = await openSource<PairSource>(options.source);
  const { length, size, name, sharedFrame = true } = source,
    classesKnown = source.classesOf !== undefined;
  if (method.needsFrame && !sharedFrame)
    throw new Error(
      `method ${method.name}: expected pairs whose images share one coordinate frame, got ` +
        `${name}: no pixel of one image is the place of one in the other (moco and densecl need ` +
        'none)',
    );
  const { filter = 'none' } = options;
  const { length: pairs } = sampleStream(length, options.noisyShare, seed, filter);
  const steps =
    'steps' in options.length
      ? options.length.steps
      : Math.ceil((options.length.epochs * pairs) / batchSize);
  const before = options.warmupSteps + (options.holdSteps ?? 0);
  if (before >= steps)
    throw new Error(
      `warmupSteps: expected fewer than the ${steps} steps of the run, got ` +
        `${before}${options.holdSteps ? ' with holdSteps' : ''}`,
    );

  // ---- model and optimiser
  const given = options.start && (await startingEncoder(method, options.start));
  const settings = settingsOf(options, steps, given?.hash);
  const random = method.init(Random.from(seed).split('method'));
  const initial = given ? withEncoder(random, given.weights) : random;
  const optimizer = openOptimizer(options.optimizer ?? 'sgd', options);
  let state: NamedTensors = {
    ...initial,
    ...optimizer.start(initial, method.trainable),
    ...(classesKnown ? startClasses(initial) : {}),
  };
  const { eager = false, precision = 'float32' } = options;

  // ---- resume
  let start: Checkpoint = { step: 0, tailSum: 0, tailStd: 0, tailCount: 0, seconds: 0, settings };
  await removeUnfinished(out);
  const found = findCheckpoint(out);
  if (found) {
    const loaded = await loadCheckpoint(found, state, settings).finally(() => {
      disposeAll(state);
    });
    state = loaded.state;
    start = loaded.checkpoint;
  }
  const log = await openRunLog(out, start.step);
  const loader = await openPairLoader({
    source: options.source,
    batchSize,
    noisyShare: options.noisyShare,
    filter,
    views: options.views,
    seed,
    workers: options.workers,
    startStep: start.step,
    steps,
  });

  // ---- compile: from here on the state lives in the program
  const entries = Object.keys(state);
  const program = await openProgram(state, { eager, precision }).finally(() => {
    disposeAll(state);
  });
  const train = program.compile(
    pretrainStep(method, options.views, options.normalise, optimizer, classesKnown),
    stepSpecs(method, options.views, optimizer, batchSize, size, classesKnown),
  );
  options.onMessage?.(describeStep('pretraining', program, train, precision));

  // ---- loop
  const meter = createMeter();
  const started = performance.now();
  const tailStart = steps - Math.ceil(steps * 0.05);
  let position = start;
  let waited = 0;
  let measuringMs = 0;
  let idleSince = clock();
  let lastLine = { step: start.step, at: started };
  let upcoming = nextBatch(loader);
  try {
    for (let done = start.step; done < steps;) {
      signal?.throwIfAborted();
      const { batch, ready } = await upcoming;
      if (!batch) throw new Error(`loader: expected ${steps} batches, got ${done}`);
      waited += Math.max(0, ready - idleSince);
      const learningRate = learningRateAt(done, { ...options, steps });
      const extras = extraValues(
        method,
        options.views,
        batch.firstViews,
        batch.secondViews,
        done / steps,
        Random.from(seed).split('extras', done),
      );
      const ran = train.run({
        ...batchValues(batch),
        ...(classesKnown ? classValues(batch) : {}),
        ...extras,
        ...optimizer.rates(done, learningRate),
      });
      batch.release();
      upcoming = nextBatch(loader); // made while the step runs
      const result = await ran;
      idleSince = result.ended;
      meter.add(++done, result.outputs);

      const atCheckpoint = done % options.checkpointEvery === 0 || done === steps;
      const due = monitor !== undefined && isDue(monitor, done, { batchSize, pairs, steps });
      if (!atCheckpoint && !due && done % options.logEvery !== 0) continue;
      const read = meter.read();
      const now = performance.now();
      const tail = read.filter((metrics) => metrics.step > tailStart);
      position = {
        ...position,
        step: done,
        tailSum: tail.reduce((sum, { values }) => sum + (values['loss'] ?? NaN), position.tailSum),
        tailStd: tail.reduce(
          (sum, { values }) => sum + (values['featureStd'] ?? NaN),
          position.tailStd,
        ),
        tailCount: position.tailCount + tail.length,
        seconds: start.seconds + (now - started - measuringMs) / 1000,
      };
      const since = done - lastLine.step;
      const means = meanOf(read);
      const seen = due ? await measured(monitor, program, entries) : {};
      const measuredAt = performance.now(); // measuring is no training
      measuringMs += measuredAt - now;
      await log.write(
        joinedLine(
          {
            step: done,
            epoch: (done * batchSize) / pairs,
            ...means,
            ...(method.randomLoss === undefined
              ? {}
              : { lossAboveRandom: (means['loss'] ?? NaN) - method.randomLoss }),
            learningRate,
            dataWaitMs: waited / since,
            stepMs: (now - lastLine.at) / since,
            time: Date.now() / 1000,
          },
          seen,
        ),
      );
      lastLine = { step: done, at: measuredAt };
      waited = 0;
      if (atCheckpoint) {
        const reached = await program.read();
        await saveCheckpoint(out, reached, position).finally(() => {
          disposeAll(reached);
        });
      }
      const stepSeconds = (now - started) / 1000 / (done - start.step);
      options.onProgress?.({
        step: done,
        steps,
        loss: means['loss'] ?? NaN,
        secondsLeft: stepSeconds * (steps - done),
      });
      idleSince = clock(); // what a checkpoint took is no waiting for data
    }
    state = await program.read();
  } finally {
    await loader.close();
    program.close();
  }

  // ---- save
  const encoder = encoderState(state);
  const kept = new Set(
    [encoder.params, encoder.stats].flatMap((tensors) => Object.values(tensors)),
  );
  for (const tensor of Object.values(state)) if (!kept.has(tensor)) tensor.dispose();
  const finalLoss = position.tailSum / position.tailCount,
    featureStd = position.tailStd / position.tailCount;
  const { chanceLoss = null, randomLoss = null } = method;
  const summary: PretrainSummary = {
    steps,
    finalLoss,
    chanceLoss,
    randomLoss,
    featureStd,
    learned:
      chanceLoss === null
        ? featureStd >= collapsedBelow
        : finalLoss < chanceLoss - (options.learnedMargin ?? 0.1),
    seconds: position.seconds,
  };
  await saveWeights(
    join(out, 'encoder.safetensors'),
    { ...under('params', encoder.params), ...under('stats', encoder.stats) },
    { summary: JSON.stringify(summary) },
  );
  await rm(join(out, 'checkpoint.previous.safetensors'), { force: true });
  return { encoder, summary };
}

/**
 * A standard deviation of unit embeddings below this, over that of an even spread, is a collapse.
 */
const collapsedBelow = 0.05;

/** Milliseconds on the clock that steps are timed by. */
const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** The next batch, and when it was there. */
async function nextBatch(
  loader: PairLoader,
): Promise<{ batch: PairBatch | undefined; ready: number }> {
  const batch = loader.next().then((made) => ({ batch: made, ready: clock() }));
  batch.catch(() => undefined); // reported when it is awaited, if it ever is
  return batch;
}

/** What a step takes from a batch. */
function batchValues({
  first,
  second,
  size,
  firstViews,
  secondViews,
}: PairBatch): Record<string, InputValue> {
  return {
    ...under('first', { ...viewValues(first, size, firstViews) }),
    ...under('second', { ...viewValues(second, size, secondViews) }),
  };
}

/** What decides the result, and so must agree when a run is taken up. */
function settingsOf(options: PretrainOptions, steps: number, start: string | undefined): Settings {
  const {
    method,
    source,
    noisyShare,
    filter = 'none',
    views,
    normalise,
    batchSize,
    learningRate,
    warmupSteps,
    holdSteps,
    finalLearningRate,
    optimizer = 'sgd',
    momentum,
    weightDecay,
    clipNorm,
    precision = 'float32',
    seed,
    checkpointEvery,
    logEvery,
  } = options;
  return {
    method: method.name,
    start,
    source: { factory: source.factory, options: source.options },
    noisyShare,
    filter,
    views,
    normalise,
    batchSize,
    steps,
    learningRate,
    warmupSteps,
    holdSteps,
    finalLearningRate,
    optimizer,
    momentum,
    weightDecay,
    clipNorm,
    precision,
    seed,
    checkpointEvery,
    logEvery,
  };
}

function checkOptions(options: PretrainOptions): void {
  if (options.monitor) checkMonitor(options.monitor);
  for (const name of ['batchSize', 'checkpointEvery', 'logEvery'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw new Error(`${name}: expected a positive whole number, got ${options[name]}`);
  }
  const length = 'steps' in options.length ? options.length.steps : options.length.epochs;
  if (!(length > 0) || ('steps' in options.length && !Number.isInteger(length)))
    throw new Error(`length: expected a positive number of steps or epochs, got ${length}`);
}
