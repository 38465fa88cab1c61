import { robustMethods, type MethodConfig } from '../../config/methods.ts';
import type { Arms } from '../../config/arms.ts';
import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { labelledCrops, partsOf } from '../../data/folders/parts.ts';
import type { FoldersData } from '../../data/folders/schema.ts';
import type { ScoredCrops } from '../../data/folders/scored-crops.ts';
import type { FolderIndex } from '@noisy-pairs/folders';
import { compared } from '../methods-compared.ts';
import { rince } from '../remedies-compared.ts';
import type { RobustOutcome } from './robust-trial.ts';
import { colourViews } from '../colour-views.ts';
import { vtsBase } from '../vts/base.ts';

/** What an audit is asked for. */
export interface AuditOptions {
  readonly task: FoldersData['task'];
  /** Share of the pairs that filters leave out. */
  readonly drop: number;
  readonly method: string;
  /** A robust loss: not asked about, arms of their own, or what a trial of it has shown. */
  readonly robust: 'no' | 'arms' | RobustOutcome;
}

/** Pairs and their scores, and the files that they lie in. */
export interface AuditSet {
  readonly index: FolderIndex;
  readonly scored: ScoredCrops;
  readonly files: { readonly index: string; readonly scores: string };
}

export const auditMethods: readonly string[] = compared.map(({ name }) => name);

/** Whether the method has a loss that a robust one can take the place of. */
export const canBeRobust = (method: string): boolean => robustMethods.includes(method);

/** Most pairs, labelled crops that heads are trained on, and crops they are measured with. */
const most = { pairs: 4000, train: 600, test: 400 };

/**
 * Should these pairs be filtered? Keep them all; drop the highest scores; drop as many at random;
 * one image twice; a robust loss, where a trial shows that it learns; and the control, half of
 * whose second images are of other places.
 *
 * Cost: see `--dry-run`; with 1,800 crops of 64 px about an hour of one core's time.
 * @throws one line if the pairs have not the labels, or the places, that it takes
 */
export function auditSweep(set: AuditSet, options: AuditOptions): SweepConfig {
  const { task, drop, method: name, robust } = options;
  const method = compared.find((one) => one.name === name) as MethodConfig;
  const parts = partsOf(set.index, set.scored.crops);
  const data = dataOf(set, options, parts);
  const knowsShares = parts.train.every(({ changedShare }) => changedShare !== null);
  return {
    recipe: 'audit',
    panels: [
      {
        name: 'audit',
        title: `Own pairs, measured by ${task}`,
        base: baseOf(data, method),
        ...{ imageNoises: [0], noisyShares: [], remedies: [], robust: rince },
        arms: armsOf(knowsShares, hasRobustArms(robust)),
      },
    ],
    seeds: 3,
    figure: 'the question',
    assumptions: [
      ['filter', `without ${100 * drop} % of the pairs, the highest HOG scores`, 'as asked for'],
      ['held out', parts.by, 'crops of one place never lie on both sides'],
      ...robustRow(robust),
      ['length', 'equal numbers of steps in every arm', 'the same computation'],
    ],
    cost: 'sized for two CPU cores',
    runMemoryMiB: 1500,
  };
}

function dataOf(
  { index, scored, files }: AuditSet,
  { task, drop }: AuditOptions,
  { train, test }: ReturnType<typeof partsOf>,
): FoldersData {
  const labelled = {
    train: labelledCrops(index, train, task).length,
    test: labelledCrops(index, test, task).length,
  };
  const poor = labelled.train < 2 ? 'train on' : labelled.test < 2 ? 'measure with' : undefined;
  if (poor !== undefined)
    throw new Error(
      `--task ${task}: expected labelled crops to ${poor}, got ${labelled.train} and, held out, ` +
        `${labelled.test}; --task none describes pairs without labels`,
    );
  return {
    kind: 'folders',
    ...{ size: scored.size, task, drop, index: files.index, scores: files.scores },
    pairs: Math.min(most.pairs, train.length),
    train: Math.min(most.train, labelled.train),
    test: Math.min(most.test, labelled.test),
  };
}

function baseOf(data: FoldersData, method: MethodConfig): Panel['base'] {
  const batchSize = Math.min(32, data.pairs);
  const head = { batchSize: Math.min(32, data.train) };
  return {
    ...vtsBase,
    ...{ data, method },
    normalise: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    views: colourViews(Math.min(64, data.size)),
    pretrain: { ...vtsBase.pretrain, batchSize },
    knn: { ...vtsBase.knn, k: Math.min(20, data.train) },
    // looked up in single images, which a mask of change is not of
    monitor: { everyEpochs: 0, bank: 1, queries: 1 },
    head: { ...vtsBase.head, ...head },
    supervised: { ...vtsBase.supervised, ...head },
  };
}

const hasRobustArms = (robust: AuditOptions['robust']): boolean =>
  robust === 'arms' || (robust !== 'no' && robust.learned);

function robustRow(robust: AuditOptions['robust']): [string, string, string][] {
  if (typeof robust === 'string') return [];
  const { learned, words } = robust;
  const choice = learned ? 'RINCE, arms of its own' : 'left out: RINCE did not learn';
  return [['robust loss', choice, words]];
}

const own = (choice: string) => ({ choice, loss: 'own' }) as const;
const robustly = (choice: string) => ({ choice, loss: 'robust' }) as const;

function armsOf(knowsShares: boolean, robust: boolean): Arms {
  const against = (title: string, arm: string, other = 'keep') => ({ title, arm, against: other });
  return {
    question: 'Should these pairs be filtered?',
    list: [
      ...['keep', 'filter', 'random-drop', 'shuffled', 'twice'].map(own),
      ...(knowsShares ? [own('oracle')] : []),
      ...(robust ? [robustly('keep'), robustly('twice')] : []),
    ],
    comparisons: [
      against('filtering against keeping all', 'filter'),
      against('filtering against dropping as many at random', 'filter', 'random-drop'),
      against('control: half of the second images shuffled, against keeping all', 'shuffled'),
      against('one image twice against keeping all (are pairs worth anything?)', 'twice'),
      ...(knowsShares ? [against('a filter by true change against keeping all', 'oracle')] : []),
      ...(robust
        ? [
            against('a robust loss against keeping all', 'keep-robust'),
            against('a robust loss on one image twice, against the usual', 'twice-robust', 'twice'),
          ]
        : []),
    ],
  };
}
