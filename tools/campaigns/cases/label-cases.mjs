// Labels and folders of xBD.
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cropPairs, indexXbd, openMaskCache } from '@noisy-pairs/xbd';
import { told, toldBy, root } from './told.mjs';

export async function* labelCases(folder, scratch) {
  yield* wktCases(join(folder, 'wkt'));
  const pairs = (n, more = '') => new RegExp(`${more}.*\\b${n} pairs; 0 places that are none`);
  const index = (name, ...flags) =>
    told('xbd/dist/commands/index', [
      ...['--root', join(folder, name)],
      ...['--out', join(scratch, `${name}.json`), ...flags],
    ]);
  yield { name: 'byte_order_mark', expected: pairs(2), got: index('byte_order_mark') };
  yield { name: 'extensions', expected: pairs(2), got: index('extensions') };
  const compared = '2 targets compared: 0 of \\d+ building pixels differ';
  yield { name: 'targets', expected: pairs(2, compared), got: index('targets', '--targets') };
  yield* unreadableFolder(join(folder, 'byte_order_mark'), scratch);
}

async function* wktCases(wkt) {
  const { pairs, problems } = await indexXbd(wkt);
  const masks = openMaskCache();
  for (let place = 0; place < 12; place++) {
    const stem = `made-up_${String(place).padStart(8, '0')}`;
    const name = `wkt, place ${place}`;
    const own = problems.filter((problem) => JSON.stringify(problem).includes(stem));
    const pair = pairs.find((candidate) => candidate.stem === stem);
    if (!pair) {
      const expected = /building 0: expected a WKT POLYGON/;
      yield { name, expected, got: own[0]?.message ?? JSON.stringify(own[0]) };
      continue;
    }
    const { crops } = await cropPairs(wkt, [pair], masks, { size: 64, mostNodata: 1 });
    const got = crops.map(({ tag, counts }) => `${tag}, ${counts.building} building pixels`).join();
    const expected = place === 11 ? 'unknown, 0 building pixels' : 'noisy, 441 building pixels';
    yield { name, expected: place > 7 && place < 11 ? 'refused' : expected, got };
  }
}

/** As the user nobody, where this is root, who may read all. */
async function* unreadableFolder(data, scratch) {
  const closed = join(data, 'lost+found');
  mkdirSync(closed, { mode: 0 });
  toldBy(['chmod', '-R', 'a+rX', data]);
  chmodSync(closed, 0);
  chmodSync(scratch, 0o777);
  const program = join(root, 'packages/xbd/dist/commands/index.js');
  const flags = ['--root', data, '--out', join(scratch, 'nobody.json')];
  const command = [process.execPath, program, ...flags];
  const isRoot = process.getuid?.() === 0;
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
  const got = toldBy(isRoot ? asNobody : command, { env: { ...process.env, HOME: scratch } });
  yield { name: 'lost+found', expected: /lost\+found.*\b2 pairs; 0 places that are none/, got };
  rmSync(closed, { recursive: true });
}
