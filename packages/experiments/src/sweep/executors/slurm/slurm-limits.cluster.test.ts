// A real SLURM that holds 8 jobs at most, ended ones for 5 s more.
import { expect, test, vi } from 'vitest';
import { startSlurm } from '../../../fixtures/slurm-cluster.ts';
import { drive, journal, standIn, standInSweep } from '../../../fixtures/stand-in-sweep.ts';
import { slurm } from './slurm.ts';

test('20 runs where SLURM takes 8 at most: the others are handed over later', async () => {
  vi.stubEnv('SLURM_TEST_JOBS', '8');
  const cluster = startSlurm(1001);
  for (const [name, value] of Object.entries(cluster.env)) vi.stubEnv(name, value);
  try {
    const { out, all } = await standInSweep();
    const runs = [...all('quick'), ...all('failing'), ...all('killed')];
    const options = { out, flags: [], threads: 1, memoryMiB: 100, program: standIn };
    const { ended, notes, done } = drive(slurm(options), runs);
    await done;
    expect(notes[0]).toBe('0 with SLURM already, 20 handed over');
    expect(notes[1]).toMatch(/^1\d wait for SLURM to take more$/);
    expect(notes.slice(2)).toEqual([]);
    expect(ended.length).toBe(20);
    for (const run of all('quick')) expect(journal(run)).toEqual(['start 0', 'end']);
  } finally {
    cluster.stop();
    vi.unstubAllEnvs();
  }
}, 180_000);
