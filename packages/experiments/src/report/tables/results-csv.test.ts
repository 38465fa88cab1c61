import { expect, test } from 'vitest';
import { finish, finished, level, planned } from '../../fixtures/made-up-runs.ts';
import { resultsCsv, timingsCsv } from './results-csv.ts';

test('results.csv has a row a run and metric and no times; timings.csv has them', () => {
  const lines = resultsCsv(finished).trim().split('\n');
  expect(lines[0]).toBe(
    'recipe,data,method,loss,filter,kind,imageNoise,noisyShare,seed,metric,value,learned',
  );
  expect(lines).toContain('vts-moco,vts,moco,own,none,pretrained,0.5,1,1,meanIou,0.561,true');
  expect(lines).toContain('vts-moco,vts,,,,random,,,0,iou:b,,');
  expect(lines).toContain(
    `vts-moco,vts,moco,own,none,pretrained,0.5,1,1,f1:a,${(2 * 0.561) / 1.561},true`,
  );
  expect(lines.length).toBe(1 + 6 * 6 + 9 * 8);
  // F1 of an IoU of 0.7 is oracle J's f1_pos, of 35 true, 5 missed and 10 false ones.
  const [run] = planned;
  expect(resultsCsv([finish(run ?? expect.fail(), 0.7)])).toContain(
    `,f1:a,${70 / 85}`.slice(0, 18),
  );
  // made-up times differ
  expect(resultsCsv(planned.map((run) => finish(run, level(run))))).toBe(resultsCsv(finished));
  expect(timingsCsv(finished).split('\n')[0]).toBe('run,pretrainingSeconds,headSeconds,runSeconds');
});
