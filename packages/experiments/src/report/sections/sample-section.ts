import { figure, type Markup, markup } from '@noisy-pairs/pages';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { kindOf } from '../../data/data-config.ts';

/** Sample images of the data; panels on the same data show the same ones, once. */
export async function sampleSection({ panels }: SweepConfig): Promise<Markup> {
  const byData = new Map(panels.map((panel) => [JSON.stringify(panel.base.data), panel]));
  const rows: Markup[] = [];
  for (const { base, imageNoises } of byData.values()) {
    const pictures = await kindOf(base.data).pictures(base.data, imageNoises, 3);
    rows.push(...pictures.map((row) => markup`<div class="row">${row.map(figure)}</div>`));
  }
  return markup`
    <h2>What the encoders saw</h2>

    <div class="samples">${rows}</div>
  `;
}
