// What an engine adds to a run: 100 runs that do nothing (fixtures/engine-run.mjs), three at once:
//   node tools/clusters/overhead.mjs --on local
//   node tools/clusters/overhead.mjs --on slurm               # of three nodes: slurm-cluster.sh
//   node tools/clusters/overhead.mjs --on redis://HOST:PORT   # starts three workers here
// Needs: npx nx run experiments:build.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { on: { type: 'string', default: 'local' }, runs: { type: 'string', default: '100' } },
});
const count = Number(values.runs);
const package_ = new URL('../../packages/experiments/', import.meta.url);
const built = (path) => import(new URL(`dist/${path}`, package_));
const { byEngine } = await built('sweep/executors/driver.js');
const { localProcesses } = await built('sweep/executors/local-processes.js');
const { planSweep } = await built('sweep/plan.js');
const { prepareSweep } = await built('sweep/prepare.js');
const { recipe } = await built('recipes/registry.js');
const { redis } = await built('sweep/executors/redis/redis.js');
const { slurm } = await built('sweep/executors/slurm/slurm.js');
const program = new URL('src/fixtures/engine-run.mjs', package_);

process.env['ENGINE_RUN_STEPS'] = '0';
const out = mkdtempSync(join(tmpdir(), 'overhead-'));
const plan = planSweep({ ...recipe('smoke'), seeds: Math.ceil(count / 4) + 3 }, out);
await (await prepareSweep(plan)).release();
// seeds 1 to 3 have the stand-in do other things
const runs = plan.runs.filter(({ config: { seed } }) => seed === 0 || seed > 3).slice(0, count);

const workers = [];
const engine = openEngine();
const executor = engine
  ? byEngine(engine, { onNote: console.log })
  : localProcesses({ processes: 3, program });
const ends = [];
const started = performance.now();
const watcher = {
  start: () => undefined,
  update: () => undefined,
  end: ({ name }, error) => ends.push([name, error, (performance.now() - started) / 1000]),
};
await executor.execute(runs, watcher, new AbortController().signal);
const failed = ends.filter(([, error]) => error !== undefined);
const seconds = (performance.now() - started) / 1000;
console.log(
  `${values.on.replace(/:.*/, '')}: ${ends.length} runs, ${failed.length} failed, ` +
    `first after ${ends[0][2].toFixed(2)} s, all after ${seconds.toFixed(1)} s: ` +
    `${((1000 * seconds) / count).toFixed(0)} ms a run`,
);
await engine?.close();
for (const worker of workers) worker.kill();
rmSync(out, { recursive: true });

function openEngine() {
  if (values.on === 'local') return undefined;
  if (values.on === 'slurm') return slurm({ out, flags: [], threads: 2, memoryMiB: 100, program });
  const worker = new URL('src/fixtures/redis-worker.mjs', package_);
  for (let i = 0; i < 3; i++)
    workers.push(spawn(process.execPath, [worker.pathname, values.on, '1'], { stdio: 'ignore' }));
  return redis(values.on, false);
}
