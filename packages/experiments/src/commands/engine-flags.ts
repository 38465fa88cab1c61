import type { OpenExecutor } from '../sweep/executors/open-executor.ts';
import type { SweepPlan } from '../sweep/plan.ts';
import { prepareSweep } from '../sweep/prepare.ts';

/** Options that say where runs are done, for commander. */
export const engineFlags = {
  on: [
    '--on <where>',
    'where runs are done: local (processes of this machine), slurm, or redis://HOST:PORT ' +
      '(experiments:worker, see docs/scale.md); a password is taken from REDIS_PASSWORD',
    'local',
  ],
  slurm: ['--slurm <options>', "options of sbatch: '--partition=gpu --time=4:00:00'"],
  cancel: ['--cancel', 'with --on: end what is waiting and running there; checkpoints stay'],
} as const;

/** Has an engine end the open runs, or never begin them. @throws if a sweep watches them */
export async function cancelRuns(
  plan: SweepPlan,
  { engine }: OpenExecutor,
  say: (line: string) => void,
): Promise<void> {
  const prepared = await prepareSweep(plan, say);
  try {
    await engine?.cancel(prepared.open);
    say(`${prepared.open.length} runs are ended or not begun; the same command goes on with them`);
  } finally {
    await prepared.release();
  }
}
