import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram, temporary, timeout } from '../fixtures/programs.ts';
import { startSlurm } from '../fixtures/slurm-cluster.ts';

test('on SLURM, handed over and watched later, it gives the same bytes', { timeout }, () => {
  const cluster = startSlurm(5);
  try {
    const whole = join(temporary(), 'whole');
    expect(runProgram('sweep', ['--recipe', 'smoke', '--out', whole]).status).toBe(0);
    const out = join(temporary(), 'slurm');
    const flags = ['--recipe', 'smoke', '--out', out, '--on', 'slurm', '--processes', '2'];
    const left = runProgram('sweep', [...flags, '--detach'], cluster.env);
    expect([left.status, left.stderr]).toEqual([0, '']);
    expect(left.stdout).toMatch(/^0 with SLURM already, 8 handed over$/m);
    const second = runProgram('sweep', flags, cluster.env);
    expect([second.status, second.stderr]).toEqual([0, '']);
    expect(second.stdout).not.toMatch(/[1-9] handed over$/m);
    for (const file of ['results.csv', 'summary.json', 'plot.svg'])
      expect(readFileSync(join(out, file), 'utf8'), file).toBe(
        readFileSync(join(whole, file), 'utf8'),
      );
    const run = join(out, 'runs', 'clean-seed0');
    expect(JSON.parse(readFileSync(join(run, 'progress.json'), 'utf8'))).toMatchObject({
      stage: expect.stringMatching(/^(pretraining|segmentation)$/) as unknown,
    });
  } finally {
    cluster.stop();
  }
});
