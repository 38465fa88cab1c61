import { type Markup, markup, trusted } from '@noisy-pairs/pages';
import { lengthPlot } from '../plots/length-plot.ts';
import type { LengthTrend } from '../plots/length-points.ts';

/** What noise does the longer pretraining lasts; nothing where all panels are of one length. */
export async function lengthSection(trends: readonly LengthTrend[]): Promise<Markup[]> {
  if (trends.length === 0) return [];
  const baselines = [...new Set(trends.map(({ baseline }) => baseline))].join(' or ');
  return [
    markup`
      <h2>Over the length of training</h2>

      ${trusted(await lengthPlot(trends))}

      <p>Differences to ${baselines} of as many steps, by seed: means with 95 % confidence intervals
      (Student's t), cut off where the plot ends, and each seed as a dot. Every length is a training
      of its own, whose learning rate has fallen at its end, and no stop on the way of a longer
      one.</p>
    `,
  ];
}
