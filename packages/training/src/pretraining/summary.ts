import type { Method } from '@noisy-pairs/models';
import { tailMean, type Tail } from '../run-folder/meter.ts';
import type { RunTimes } from '../run-folder/step-clock.ts';

/** JSON-safe. */
export interface PretrainSummary {
  readonly steps: number;
  /** Mean loss of the last 5 % of the steps. */
  readonly finalLoss: number;
  /** The loss when nothing is learned; null where the loss cannot tell. */
  readonly chanceLoss: number | null;
  /** The loss of random embeddings; null where it is not known or tells nothing. */
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
  readonly learned: boolean | null;
  /** Why `learned` is null: the loss is against random rows in part. Absent otherwise. */
  readonly unknown?: string;
  /**
   * Training time, waiting for data included; that of interrupted runs counts up to their last
   * checkpoint.
   */
  readonly seconds: number;
}

/**
 * A standard deviation of unit embeddings below this, over that of an even spread, is a collapse.
 */
const collapsedBelow = 0.05;

/** Names of the metrics whose means over the last steps are the final values. */
export const tailed = ['loss', 'featureStd'] as const;

/**
 * @param margin see PretrainOptions.learnedMargin
 * @param unknown why nobody can tell whether it has learned
 */
export function summarise(
  method: Method,
  steps: number,
  tail: Tail,
  times: RunTimes,
  margin = 0.1,
  unknown?: string,
): PretrainSummary {
  const { chanceLoss, randomLoss } = method;
  const finalLoss = tailMean(tail, 'loss');
  const featureStd = tailMean(tail, 'featureStd');
  const learned =
    chanceLoss === undefined ? featureStd >= collapsedBelow : finalLoss < chanceLoss - margin;
  return {
    steps,
    finalLoss,
    chanceLoss: chanceLoss ?? null,
    randomLoss: randomLoss ?? null,
    featureStd,
    ...(unknown === undefined ? { learned } : { learned: null, unknown }),
    seconds: times.training + times.waiting,
  };
}

/**
 * Why a final loss cannot be held against its chance level: random rows of a queue's start are
 * still among the negatives, which are easier than keys. Undefined where it can.
 */
export function randomRowsLeft(
  { chanceLoss, queues = {} }: Pick<Method, 'chanceLoss' | 'queues'>,
  steps: number,
  batchSize: number,
): string | undefined {
  if (chanceLoss === undefined) return undefined;
  const keysOf = (keysAnImage: number) => steps * batchSize * keysAnImage;
  const open = Object.entries(queues).find(([, queue]) => keysOf(queue.keysAnImage) < queue.size);
  if (!open) return undefined;
  const [name, { size, keysAnImage }] = open;
  const factors = keysAnImage === 1 ? 'steps x batch' : `steps x batch x ${keysAnImage}`;
  return (
    `${factors}: expected ${size} keys or more to fill the ${name}, got ${keysOf(keysAnImage)}: ` +
    'random rows of its start are left'
  );
}
