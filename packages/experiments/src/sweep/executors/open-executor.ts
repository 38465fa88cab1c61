import type { SweepConfig } from '../../config/sweep-config.ts';
import { byEngine } from './driver.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor.ts';
import { localProcesses, processesThatFit } from './local-processes.ts';
import { redis } from './redis/redis.ts';
import { hideSecrets, withoutSecrets } from './redis/redis-url.ts';
import { unsharedNote } from './shared-paths.ts';
import { slurm } from './slurm/slurm.ts';

/** Where and how the runs of a sweep are done. */
export interface ExecutorFlags {
  /** `local`, `slurm`, or the URL of a Redis. */
  readonly on: string;
  /** Options of sbatch, as one text. */
  readonly slurm?: string | undefined;
  readonly detach?: true | undefined;
  readonly cancel?: true | undefined;
  /** Runs at once. */
  readonly processes?: number | undefined;
  readonly eager: boolean;
}

/** An executor, and the engine behind it where runs are done elsewhere. */
export interface OpenExecutor {
  readonly executor: Executor;
  readonly engine?: Engine;
}

/**
 * @param out folder of the sweep
 * @param say hears of what an engine does
 * @throws one line on flags that do not go together, or if the engine is not there
 */
export async function openExecutor(
  flags: ExecutorFlags,
  sweep: SweepConfig,
  out: string,
  say: (line: string) => void,
): Promise<OpenExecutor> {
  const { on, processes, eager, detach } = flags;
  refuseUnused(flags);
  hideSecrets(on, 'experiments:sweep');
  if (on === 'local') {
    const fitting = processes ?? processesThatFit(sweep);
    return { executor: localProcesses({ processes: fitting, eager }) };
  }
  const engine = on === 'slurm' ? slurmOf(flags, sweep, out) : redis(on, eager);
  const unshared = unsharedNote(out, sweep);
  if (unshared !== undefined) say(unshared);
  try {
    await engine.check();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { executor: byEngine(engine, { detach: detach === true, onNote: say }), engine };
}

function slurmOf(flags: ExecutorFlags, sweep: SweepConfig, out: string): Engine {
  return slurm({
    out,
    flags: (flags.slurm ?? '').split(/\s+/).filter((word) => word !== ''),
    threads: Math.max(...sweep.panels.map(({ base }) => base.threads)),
    memoryMiB: sweep.runMemoryMiB,
    atOnce: flags.processes,
    eager: flags.eager,
  });
}

/** @throws if a flag is of no use where the runs are done */
function refuseUnused({ on, slurm: sbatch, detach, cancel }: ExecutorFlags): void {
  const isRedis = /^rediss?:/.test(on);
  if (on !== 'local' && on !== 'slurm' && !isRedis)
    throw new Error(`--on: expected local, slurm or redis://HOST:PORT, got ${withoutSecrets(on)}`);
  if (sbatch !== undefined && on !== 'slurm')
    throw new Error(`--slurm: expected --on slurm with it, got --on ${isRedis ? 'Redis' : on}`);
  if (on === 'local' && (detach ?? cancel))
    throw new Error(
      `--${detach ? 'detach' : 'cancel'}: expected --on with an engine, got --on local, whose ` +
        'runs end with the sweep',
    );
  if (detach && cancel) throw new Error('--detach: expected it or --cancel, got both');
}
