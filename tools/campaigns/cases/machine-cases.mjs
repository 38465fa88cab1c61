// TensorFlow: convolutions that once corrupted the heap, and a cache folder with a space.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, toldBy } from './told.mjs';

const encoders = ['8 16', '12 15'];
const convolutions = ['4 64 8 16', '5 32 8 16', '32 128 12 24'];

export async function* machineCases(folder, scratch) {
  for (const sizes of encoders) {
    const got = runScript(folder, 'small_encoder_crash.mjs', sizes);
    yield { name: `small_encoder_crash ${sizes}`, expected: /^ok \d/, got };
  }
  for (const sizes of convolutions) {
    const found = runScript(folder, 'conv_gradient_crash.mjs', sizes).split(' / ');
    const isClose = found.length === 10 && found.every((text) => Number(text) < 1e-6);
    const got = isClose ? 'below 1e-6' : found.join(' ');
    yield { name: `conv_gradient_crash ${sizes}`, expected: 'below 1e-6', got };
  }
  const cache = join(scratch, 'cache folder');
  mkdirSync(cache);
  const env = { ...process.env, XDG_CACHE_HOME: cache, NX_DAEMON: 'false', NX_TUI: 'false' };
  const flags = ['nx', 'run', 'engine:runtime', '--skip-nx-cache'];
  const said = toldBy(['npx', ...flags], { env, cwd: root, timeout: 600_000 });
  const isThere = existsSync(join(cache, 'noisy-pairs')) && /Successfully ran target/.test(said);
  const got = isThere ? 'compiles' : said.slice(-300);
  yield { name: 'cache folder with a space', expected: 'compiles', got };
}

/** A script of the cases, in the workspace's root, where it finds the packages. */
function runScript(folder, name, sizes) {
  const copy = join(root, `case-${name}`);
  copyFileSync(join(folder, name), copy);
  try {
    return toldBy([process.execPath, copy, ...sizes.split(' ')], { cwd: root });
  } finally {
    rmSync(copy);
  }
}
