import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRaster, readImage } from '@noisy-pairs/imaging';
import { expect, it } from 'vitest';
import { writeSubmission } from './submission.ts';

it(
  'a submission is two PNGs of one channel that read back as they were; what the scorer would ' +
    'refuse is refused',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'submission-'));
    const mask = createRaster(1024, 1024, 1);
    mask.data.set([1, 4, 0, 2], 1024);
    await writeSubmission(folder, 'test', '42', mask, mask);
    expect(readdirSync(folder).sort()).toEqual([
      'test_damage_00042_prediction.png',
      'test_localization_00042_prediction.png',
    ]);
    expect(await readImage(join(folder, 'test_damage_00042_prediction.png'))).toEqual(mask);
    await expect(
      writeSubmission(folder, 'test', '42', mask, createRaster(512, 1024, 1)),
    ).rejects.toThrow(
      'submission 42: expected a damage mask of 1024 x 1024 pixels and one channel, got 512 x ' +
        '1024 and 1',
    );
    mask.data[5] = 255;
    await expect(writeSubmission(folder, 'hold', '42', mask, mask)).rejects.toThrow(
      'submission 42: expected values 0..4 in localisation, got 255',
    );
  },
);

it.each(['../../out', '/etc/x', '4 2', '', '1e3', '４２'])(
  'an id that is not of digits is refused: %s',
  async (id) => {
    const folder = mkdtempSync(join(tmpdir(), 'submission-'));
    const mask = createRaster(1024, 1024, 1);
    await expect(writeSubmission(join(folder, 'out'), 'test', id, mask, mask)).rejects.toThrow(
      `submission: expected an id of digits, got ${JSON.stringify(id)}`,
    );
    expect(readdirSync(folder)).toEqual([]);
  },
);
