import { findings, summarise, type Finding, type Summary } from '@noisy-pairs/evaluation';
import { kindNamed } from '../../data/data-config.ts';
import {
  learnedOf,
  pooledBySeed,
  subtractBySeed,
  valuesOf,
  type SeedDifference,
} from './seed-differences.ts';
import type { MeasuredPanel } from './panel-summary.ts';

/** A sentence of one of the study's captions beside what a panel's runs show of it. */
export interface ClaimSummary {
  readonly panel: string;
  readonly figure: string;
  /** The caption's sentence, in our words. */
  readonly text: string;
  /** The difference that it is asked by: one number a seed. */
  readonly measured: string;
  readonly difference: Summary | null;
  /** Tests of all seeds, corrected by Holm over the claims of the report. */
  readonly finding: Finding;
  readonly answer: 'holds' | 'does not hold' | 'cannot tell';
}

/** A sentence, the differences that speak of it, and what they have to be. */
interface Claim extends Pick<ClaimSummary, 'panel' | 'figure' | 'text' | 'measured'> {
  readonly expected: 'gain' | 'harm' | 'no gain' | 'no harm';
  readonly seeds: readonly SeedDifference[];
  /** Whether runs that learned nothing count as any other: what they cannot learn is the claim. */
  readonly learnedOrNot?: boolean;
}

/**
 * The study's captions point by point, for panels on its data: each sentence by one difference a
 * seed, the mean over all of a panel's settings that it speaks of. No more than trends: sizes,
 * lengths and hyper-parameters are ours.
 * @param margin differences within it count as none, 0..1
 */
export function claimsOf(panels: readonly MeasuredPanel[], margin: number): ClaimSummary[] {
  const claims = panels.flatMap((panel) => [
    ...noiseClaims(panel),
    ...falsePairClaims(panel),
    ...damageClaims(panel),
  ]);
  const tested = claims.filter(({ seeds }) => seeds.length > 0);
  const all = findings(
    tested.map(({ seeds }) => valuesOf(seeds)),
    { margin },
  );
  const learned = findings(
    tested.map((claim) => valuesOf(countedSeeds(claim))),
    { margin },
  );
  return tested.flatMap(({ panel, figure, text, measured, expected, seeds }, i) => {
    const [finding, without] = [all[i], learned[i]];
    if (!finding || !without) return [];
    const [answer, other] = [answerOf(finding, expected), answerOf(without, expected)];
    return {
      ...{ panel, figure, text, measured },
      difference: summarise(valuesOf(seeds)),
      finding,
      answer: answer === other ? answer : 'cannot tell',
    };
  });
}

const countedSeeds = ({ seeds, learnedOrNot = false }: Claim) =>
  learnedOrNot ? seeds : learnedOf(seeds);

function answerOf(
  { direction, outcome }: Finding,
  expected: Claim['expected'],
): ClaimSummary['answer'] {
  const sign = expected.endsWith('gain') ? 'gain' : 'harm';
  const none = expected.startsWith('no ');
  if (direction === sign) return none ? 'does not hold' : 'holds';
  if (direction !== null || outcome === 'equivalent') return none ? 'holds' : 'does not hold';
  return 'cannot tell';
}

/** Figs. 4 (MoCo) and 5 (dense methods). */
function noiseClaims({ title, data, method, comparisons }: MeasuredPanel): Claim[] {
  const { falseFrom, level, baselineWords } = kindNamed(data).words;
  const kept = comparisons.filter(({ setting }) => setting.remedy === 'keep');
  if (falseFrom === undefined || kept.length === 0) return [];
  const partly = kept.filter(({ setting }) => setting.imageNoise < falseFrom);
  const whole = kept.filter(({ setting }) => setting.imageNoise >= falseFrom);
  const dense = method !== 'moco';
  const words = { panel: title, figure: dense ? 'Fig. 5' : 'Fig. 4' };
  const more = [...new Set(partly.map(({ setting }) => setting.imageNoise))].flatMap((noise) => {
    const some = partly.filter(({ setting }) => setting.imageNoise === noise);
    const byShare = [...some].sort((a, b) => a.setting.noisyShare - b.setting.noisyShare);
    const [least, most] = [byShare[0], byShare.at(-1)];
    return least && most && least !== most ? [subtractBySeed(most.seeds, least.seeds)] : [];
  });
  return [
    {
      ...words,
      text: 'noisy pairs gain',
      measured: `${level} below ${falseFrom} against ${baselineWords}, mean of its settings`,
      expected: 'gain',
      seeds: pooledBySeed(partly.map(({ seeds }) => seeds)),
    },
    {
      ...words,
      text: dense
        ? 'more noisy pairs usually do not gain more'
        : 'the more noisy pairs, the more gain',
      measured: `${level} below ${falseFrom}: the largest noisy share against the smallest`,
      expected: dense ? 'no gain' : 'gain',
      seeds: pooledBySeed(more),
    },
    {
      ...words,
      text: dense ? 'wholly different images can harm' : 'wholly different images do not gain',
      measured: `${level} ${falseFrom} against ${baselineWords}, mean of its settings`,
      expected: dense ? 'harm' : 'no gain',
      seeds: pooledBySeed(whole.map(({ seeds }) => seeds)),
      learnedOrNot: true,
    },
  ];
}

/** Fig. 1, left. */
function falsePairClaims({ title, data, comparisons }: MeasuredPanel): Claim[] {
  if (data !== 'cifar10') return [];
  return [
    {
      panel: title,
      figure: 'Fig. 1',
      text: 'false pairs by mislabelled images harm classification',
      measured: 'pairs by wrong labels against pairs by true ones, mean of the settings',
      expected: 'harm',
      seeds: pooledBySeed(comparisons.map(({ seeds }) => seeds)),
    },
  ];
}

/** Fig. 1, right. */
function damageClaims({ title, data, comparisons }: MeasuredPanel): Claim[] {
  const alone = comparisons.find(({ less }) => less !== undefined);
  if (data !== 'xbd' || !alone) return [];
  return [
    {
      panel: title,
      figure: 'Fig. 1',
      text: 'pairs that differ in damaged buildings do not harm segmentation',
      measured: alone.title,
      expected: 'no harm',
      seeds: alone.seeds,
    },
  ];
}
