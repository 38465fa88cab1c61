import type { Panel, SweepConfig } from '../../config/sweep-config.ts';
import { smallRun } from '../small-run.ts';
import { xbdMoco, xbdPanel } from './moco.ts';
import { damagePanel, filterPanel } from './questions.ts';

/**
 * The arms of both questions, shrunk until a run takes seconds: shows that everything works
 * together, and nothing about noise.
 *
 * Cost: half a minute.
 *
 * Command: npx nx run experiments:sweep -- --recipe xbd-smoke --data FOLDER
 */
export function xbdSmoke(): SweepConfig {
  return {
    ...xbdMoco(),
    recipe: 'xbd-smoke',
    panels: [
      { ...damagePanel(small), name: 'damage', title: 'Damage in a pair' },
      { ...filterPanel(small), name: 'filter', title: 'Filtering' },
    ],
    seeds: 1,
    cost: 'half a minute',
  };
}

const small: Panel = {
  ...xbdPanel,
  base: {
    ...smallRun(xbdPanel.base),
    data: {
      kind: 'xbd',
      index: '',
      size: 64,
      trainSplits: ['train'],
      testSplits: ['test'],
      tiles: 8,
      pairs: 64,
      train: 24,
      test: 12,
      mostNodata: 0.1,
      leastBuilding: 0.01,
    },
  },
};
