// A sweep of real runs on an engine to which everything happens in turn, and then its bytes
// against those of the same sweep left alone on this machine:
//   node tools/clusters/chaos.mjs --on slurm    # SLURM_PREFIX: where apt-unpack.sh put it
//   node tools/clusters/chaos.mjs --on redis    # --server FILE: redis-server, if not on the PATH
// Prints a table. Needs: npx nx run experiments:build, engine:runtime; about ten minutes.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: 'slurm' },
    server: { type: 'string', default: 'redis-server' },
    steps: { type: 'string', default: '1500' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const program = (name) => file(`packages/experiments/dist/commands/${name}.js`);
const began = performance.now();
const rows = [];
const note = (event) => {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  rows.push([seconds, event]);
  console.error(`${seconds} s: ${event}`);
};
const place = values.on === 'slurm' ? await openSlurm() : await openRedis();

const recipe = ['--recipe', 'smoke', '--set', `pretrain.steps=${values.steps}`];
const out = join(folder, 'engine');
let driver = startDriver();
for (const [words, event] of place.events) {
  if (driver.exitCode !== null) break;
  await place.untilBusy();
  const what = await event();
  note(what ? `${words}: ${what}` : words);
  await pause(8000);
}
note('left alone');
const code = await new Promise((resolve) => {
  if (driver.exitCode !== null) resolve(driver.exitCode);
  driver.once('close', resolve);
});
note(`the driver ends with exit code ${code}`);
await place.close();
const alone = join(folder, 'alone');
execFileSync(process.execPath, [program('sweep'), ...recipe, '--out', alone], { stdio: 'ignore' });
const same = ['results.csv', 'summary.json', 'plot.svg'].map((name) => {
  const isSame =
    existsSync(join(out, name)) &&
    readFileSync(join(out, name)).equals(readFileSync(join(alone, name)));
  return `${name} ${isSame ? 'the same bytes' : 'DIFFERS'}`;
});
console.log('| s | what happened |\n|--:|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
console.log(`\n${same.join(', ')}; starts of a run: ${starts().join(', ')}`);
process.exitCode = same.some((line) => line.endsWith('DIFFERS')) ? 1 : 0;

function startDriver() {
  const flags = [...recipe, '--out', out, '--on', place.on];
  const child = spawn(process.execPath, [program('sweep'), ...flags], {
    env: { ...process.env, ...place.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (text) => {
    for (const line of String(text).split('\n'))
      if (/handed over|lost by|does not answer|FAILED/.test(line)) note(`- ${line}`);
  });
  return child;
}

async function killDriver() {
  driver.kill('SIGKILL');
  await pause(3000);
  driver = startDriver();
}

/** How often each run was begun or gone on with, by its log. */
function starts() {
  const runs = join(out, 'runs');
  return readdirSync(runs).map((name) => {
    const log = readFileSync(join(runs, name, 'log.txt'), 'utf8');
    return (log.match(/goes on|taken over|SIGTERM|SIGUSR1/g) ?? []).length;
  });
}

/** Runs that have a checkpoint and no result yet. */
function underWay() {
  const runs = join(out, 'runs');
  const has = (name, what) => existsSync(join(runs, name, what));
  return (existsSync(runs) ? readdirSync(runs) : []).filter(
    (name) => has(name, 'checkpoint.safetensors') && !has(name, 'result.json'),
  );
}

async function openSlurm() {
  const dir = join(folder, 'slurm');
  mkdirSync(dir);
  const variables = { ...process.env, SLURM_TEST_DIR: dir, SLURM_TEST_PORT: '18700' };
  const cluster = (...words) =>
    execFileSync(file('tools/clusters/slurm-cluster.sh'), words, {
      env: variables,
      encoding: 'utf8',
      stdio: ['ignore', words[0] === 'env' ? 'pipe' : 'ignore', 'inherit'],
    });
  cluster('start', '3');
  const lines = cluster('env').trim().split('\n');
  const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const does = (...words) =>
    execFileSync(words[0], words.slice(1), { env: { ...process.env, ...env }, encoding: 'utf8' });
  const running = () => {
    const text = does('squeue', '-h', '-r', '-t', 'R', '-o', '%A %F_%K %N').trim();
    return text === '' ? [] : text.split('\n').map((line) => line.split(' '));
  };
  const one = () => running()[0] ?? ['none', 'none', 'n1'];
  return {
    on: 'slurm',
    env,
    async untilBusy() {
      while (driver.exitCode === null && (running().length === 0 || underWay().length === 0))
        await pause(500);
    },
    events: [
      [
        'scontrol requeue',
        () => {
          const [, element] = one();
          does('scontrol', 'requeue', element);
          return element;
        },
      ],
      ['driver killed by KILL, started again', killDriver],
      [
        'USR1, as before the time limit',
        () => {
          const [id, element] = one();
          does('scancel', '--signal=USR1', '--batch', id);
          return element;
        },
      ],
      [
        'node and its runs killed by KILL, its daemon back after 30 s',
        async () => {
          const [, , node] = one();
          cluster('kill-node-and-jobs', node);
          await pause(30_000);
          cluster('start-node', node);
          return node;
        },
      ],
      [
        'daemon of a node killed, its runs go on; back after 40 s',
        async () => {
          const [, , node] = one();
          cluster('kill-node', node);
          await pause(40_000);
          cluster('start-node', node);
          return node;
        },
      ],
      [
        'controller killed by KILL, back after 15 s',
        async () => {
          cluster('kill-controller');
          await pause(15_000);
          cluster('start-controller');
        },
      ],
      [
        'preempted by a job on all nodes',
        () => {
          const urgent = ['--partition=urgent', '--nodes=3', '--exclusive', '--output=/dev/null'];
          does('sbatch', ...urgent, '--wrap', 'sleep 3');
        },
      ],
    ],
    close: () => cluster('stop'),
  };
}

async function openRedis() {
  const port = '18800';
  const password = 'chaos';
  const env = { REDIS_PASSWORD: password };
  const on = `redis://127.0.0.1:${port}`;
  const serve = () =>
    spawn(
      values.server,
      [
        ...['--bind', '127.0.0.1', '--port', port, '--requirepass', password, '--dir', folder],
        ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
      ],
      { stdio: 'ignore' },
    );
  let server = serve();
  await pause(1000);
  const workers = [];
  const startWorker = () =>
    workers.push(
      spawn(process.execPath, [program('worker'), '--on', on], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      }),
    );
  for (let i = 0; i < 3; i++) startWorker();
  const runsOf = ({ pid }) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const busy = () =>
    workers.findIndex(({ exitCode, signalCode, ...worker }, i) => {
      const { pid } = workers[i];
      return exitCode === null && signalCode === null && runsOf({ ...worker, pid }).length > 0;
    });
  const signalAll = (worker, signal) => {
    for (const pid of [worker.pid, ...runsOf(worker)]) process.kill(Number(pid), signal);
  };
  const replaced = async (signal) => {
    const [worker] = workers.splice(Math.max(0, busy()), 1);
    worker.kill(signal);
    startWorker();
  };
  return {
    on,
    env,
    async untilBusy() {
      while (driver.exitCode === null && (busy() < 0 || underWay().length === 0)) await pause(500);
    },
    events: [
      ['worker killed by KILL, another started', () => replaced('SIGKILL')],
      ['driver killed by KILL, started again', killDriver],
      ['worker told to stop by TERM, another started', () => replaced('SIGTERM')],
      [
        'worker and its run stopped for 60 s by STOP',
        async () => {
          const worker = workers[Math.max(0, busy())];
          signalAll(worker, 'SIGSTOP');
          await pause(60_000);
          signalAll(worker, 'SIGCONT');
        },
      ],
      [
        'Redis killed by KILL, back after 10 s with its append-only file',
        async () => {
          server.kill('SIGKILL');
          await pause(10_000);
          server = serve();
        },
      ],
      [
        'FLUSHALL',
        async () => {
          const client = connect(Number(port), '127.0.0.1');
          client.end(`AUTH ${password}\r\nFLUSHALL\r\nQUIT\r\n`);
          await new Promise((resolve) => client.once('close', resolve).resume());
        },
      ],
    ],
    async close() {
      for (const worker of workers) worker.kill();
      await pause(2000);
      server.kill();
    },
  };
}
