import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@noisy-pairs/imaging';
import { openSource, type ClassifiedSource, type PairSource } from '@noisy-pairs/pairs';
import { describe, expect, test } from 'vitest';
import { cifar10Classified } from './classified.ts';
import { mislabel } from './mislabel.ts';
import { cifar10Pairs, countFalsePairs, type Cifar10PairOptions } from './pairs.ts';
import { cifar10Classes, readCifar10 } from './reader.ts';
import { openCifar10 } from './subset.ts';

const RECORD = 3073;
/**
 * Records whose red plane holds the image's number, green its label, and blue the position within
 * the plane modulo 256.
 */
function folder(files: Record<string, number[]>, meta?: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'cifar-'));
  let number = 0;
  for (const [name, labels] of Object.entries(files)) {
    const bytes = Buffer.alloc(labels.length * RECORD);
    labels.forEach((label, i) => {
      bytes[i * RECORD] = label;
      bytes.fill(number++, i * RECORD + 1, i * RECORD + 1025);
      bytes.fill(label, i * RECORD + 1025, i * RECORD + 2049);
      for (let p = 0; p < 1024; p++) bytes[i * RECORD + 2049 + p] = p % 256;
    });
    writeFileSync(join(dir, name), bytes);
  }
  if (meta !== undefined) writeFileSync(join(dir, 'batches.meta.txt'), meta);
  return dir;
}

/** 250 labels, as many of each class. */
const labels = Array.from({ length: 250 }, (_, i) => (i * 7) % 10);

describe('the reader', () => {
  test(
    'makes interleaved pixels of planes, lets files follow one another, and names those that are ' +
      'not there',
    async () => {
      const data = await readCifar10(
        folder(
          { 'data_batch_1.bin': [3, 1], 'data_batch_3.bin': [9] },
          `${cifar10Classes.join('\n')}\n\n`,
        ),
        'train',
      );
      expect([...data.labels]).toEqual([3, 1, 9]);
      expect(data.missing).toEqual(['data_batch_2.bin', 'data_batch_4.bin', 'data_batch_5.bin']);
      expect(data.name).toBe(
        'CIFAR-10 train without data_batch_2.bin, data_batch_4.bin, data_batch_5.bin',
      );
      const pixels = new Uint8Array(32 * 32 * 3);
      data.image(2, pixels);
      expect([...pixels.subarray(0, 6)]).toEqual([2, 9, 0, 2, 9, 1]);
      expect([...pixels.subarray(-3)]).toEqual([2, 9, 255]);
    },
  );

  test('says what belongs where if there is nothing', async () => {
    const files =
      'data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, ' +
      'data_batch_5.bin and test_batch.bin of the binary version of CIFAR-10 ' +
      '(cifar-10-binary.tar.gz)';
    const empty = folder({ 'data_batch_2.bin': [1] });
    await expect(readCifar10(empty, 'test')).rejects.toThrow(
      `CIFAR-10 test: expected ${files} in ${empty}, got none of the test files`,
    );
    await expect(readCifar10('/nowhere/cifar', 'train')).rejects.toThrow(
      `CIFAR-10 train: expected ${files} in /nowhere/cifar, got no such folder`,
    );
  });

  test('refuses cut-off files, labels above 9 and other classes, by file and record', async () => {
    const cut = folder({});
    writeFileSync(join(cut, 'test_batch.bin'), Buffer.alloc(3000));
    await expect(readCifar10(cut, 'test')).rejects.toThrow(
      `${join(cut, 'test_batch.bin')}: expected whole records of 3073 bytes, got 3000 bytes`,
    );
    const wrong = folder({ 'data_batch_1.bin': [1, 2, 3], 'data_batch_2.bin': [1, 10] });
    await expect(readCifar10(wrong, 'train')).rejects.toThrow(
      `${join(wrong, 'data_batch_2.bin')}: expected labels 0..9, got 10 in record 1`,
    );
    const other = folder({ 'test_batch.bin': [1] }, 'automobile\nairplane\n');
    await expect(readCifar10(other, 'test')).rejects.toThrow(
      `${join(other, 'batches.meta.txt')}: expected airplane, automobile, bird, cat, deer, ` +
        'dog, frog, horse, ship, truck, got automobile, airplane',
    );
  });
});

describe('a limit', () => {
  const dir = folder({ 'test_batch.bin': labels });
  const drawn = async (limit: number, seed = 1) => {
    const data = await openCifar10({ dir, split: 'test', seed, limit });
    return Array.from({ length: data.length }, (_, i) => {
      const pixels = new Uint8Array(3072);
      data.image(i, pixels);
      expect(pixels[1]).toBe(data.labels[i]);
      return { image: pixels[0] as number, label: data.labels[i] as number };
    });
  };
  const sizes = (images: readonly { label: number }[]) =>
    cifar10Classes
      .map((_, label) => images.filter((image) => image.label === label).length)
      .sort((a, b) => a - b);

  test(
    'draws evenly over the classes, other images by another seed, and a smaller draw from a ' +
      'larger one',
    async () => {
      const [few, more] = [await drawn(23), await drawn(60)];
      expect(sizes(few)).toEqual([2, 2, 2, 2, 2, 2, 2, 3, 3, 3]);
      expect(sizes(more)).toEqual(Array(10).fill(6));
      expect(new Set(more.map(({ image }) => image)).size).toBe(60);
      expect(more).toEqual(expect.arrayContaining(few));
      expect(await drawn(23)).toEqual(few);
      expect(await drawn(23, 2)).not.toEqual(few);
    },
  );

  test('takes what there is of a class that runs out; refused beyond all images', async () => {
    const scarce = folder({ 'test_batch.bin': [0, 0, 0, 0, 1, 0] });
    expect(
      [...(await openCifar10({ dir: scarce, split: 'test', seed: 0, limit: 4 })).labels].filter(
        (label) => label === 1,
      ),
    ).toHaveLength(1);
    await expect(openCifar10({ dir: scarce, split: 'test', seed: 0, limit: 7 })).rejects.toThrow(
      'CIFAR-10 test: expected a limit in 1..6, got 7',
    );
  });
});

test('the classified source gives images with their true classes', async () => {
  const source = await openSource<ClassifiedSource>(
    structuredClone(
      cifar10Classified({
        dir: folder({ 'test_batch.bin': labels }),
        split: 'test',
        seed: 1,
        limit: 50,
      }),
    ),
  );
  expect(source).toMatchObject({ size: 32, length: 50, classes: cifar10Classes });
  const image = new Uint8Array(3072);
  for (let i = 0; i < 50; i++) expect(await source.read(i, image)).toBe(image[1]);
});

describe('wrong labels', () => {
  const truth = Uint8Array.from(labels);
  const wrongOf = (share: number, seed = 3) => {
    const given = mislabel(truth, share, Random.from(seed));
    return new Map([...given.entries()].filter(([i, label]) => label !== truth[i]));
  };

  test(
    'are as many as asked for, those of a smaller share among them, and every other class comes ' +
      'up',
    () => {
      expect([0, 0.1, 0.25, 1].map((share) => wrongOf(share).size)).toEqual([0, 25, 63, 250]);
      for (const [i, label] of wrongOf(0.1)) expect(wrongOf(0.25).get(i)).toBe(label);
      const of3 = Array.from({ length: 40 }, (_, seed) =>
        [...wrongOf(1, seed)].filter(([i]) => truth[i] === 3).map(([, label]) => label),
      ).flat();
      const counts = cifar10Classes.map(
        (_, label) => of3.filter((other) => other === label).length,
      );
      expect(counts[3]).toBe(0);
      for (const count of counts.filter((_, label) => label !== 3))
        expect(Math.abs(count - 1000 / 9)).toBeLessThan(45); // 4.5 deviations
      expect(() => mislabel(truth, 1.2, Random.from(0))).toThrow(
        'mislabelled: expected a number in 0..1, got 1.2',
      );
    },
  );
});

describe('pairs', () => {
  const dir = folder({ 'test_batch.bin': labels });
  const options = { dir, split: 'test', seed: 5, mislabelled: 0.3 } as const;
  /** Number and class of both images of every pair. */
  const pairsOf = async (noisy: boolean, change: Partial<Cifar10PairOptions> = {}) => {
    const source = await openSource<PairSource>(
      structuredClone(cifar10Pairs({ ...options, ...change })),
    );
    const first = new Uint8Array(3072);
    const second = new Uint8Array(3072);
    const pairs: { first: number; second: number; classes: [number, number] }[] = [];
    for (let i = 0; i < source.length; i++) {
      await source.read(i, noisy, first, second);
      expect(source.classesOf?.(i, noisy)).toEqual([first[1], second[1]]);
      pairs.push({
        first: first[0] as number,
        second: second[0] as number,
        classes: [first[1] as number, second[1] as number],
      });
    }
    return pairs;
  };

  test('clean ones are an image twice', async () => {
    expect(
      (await pairsOf(false)).every(({ first, second }, i) => first === i && second === i),
    ).toBe(true);
  });

  test('noisy ones are two images of one label, any other with that label', async () => {
    const given = mislabel(
      Uint8Array.from(labels),
      0.3,
      Random.from(5).split('cifar10', 'test').split('mislabelled'),
    );
    for (const [i, { first, second }] of (await pairsOf(true)).entries()) {
      expect(first).toBe(i);
      expect(second).not.toBe(i);
      expect(given[second]).toBe(given[i]);
    }
    const few = folder({ 'test_batch.bin': [0, 1, 2, 0, 1, 2, 0, 1, 2, 2] });
    const partners = new Set<string>();
    for (let seed = 0; seed < 20; seed++)
      for (const { first, second } of await pairsOf(true, { dir: few, mislabelled: 0, seed }))
        partners.add(`${first} ${second}`);
    expect(partners.size).toBe(3 * 2 + 3 * 2 + 4 * 3);
  });

  test('depend on seed and index alone', async () => {
    expect(await pairsOf(true)).toEqual(await pairsOf(true));
    expect(await pairsOf(true)).not.toEqual(await pairsOf(true, { seed: 6 }));
    const source = await openSource<PairSource>(cifar10Pairs(options));
    const first = new Uint8Array(3072);
    const second = new Uint8Array(3072);
    await source.read(77, true, first, second);
    expect((await pairsOf(true))[77]).toMatchObject({ first: first[0], second: second[0] });
  });

  test('are false as often as counted, and on average as often as expected', async () => {
    const falseOnes = (await pairsOf(true)).filter(({ classes: [a, b] }) => a !== b).length;
    const counted = await countFalsePairs(options);
    expect(counted).toMatchObject({ images: 250, mislabelledImages: 75, share: falseOnes / 250 });
    // Every partner that could have been drawn, one by one.
    const given = mislabel(
      Uint8Array.from(labels),
      0.3,
      Random.from(5).split('cifar10', 'test').split('mislabelled'),
    );
    const shares = labels.map((own, i) => {
      const others = labels.filter((_, j) => j !== i && given[j] === given[i]);
      return others.filter((other) => other !== own).length / others.length;
    });
    expect(counted.expectedShare).toBeCloseTo(
      shares.reduce((sum, share) => sum + share, 0) / 250,
      12,
    );
    expect(counted.expectedShare).toBeGreaterThan(0.4); // 1 - (0.7^2 + 0.3^2 / 9) for many images
    expect(counted.expectedShare).toBeLessThan(0.6);
    expect(Math.abs(counted.share - counted.expectedShare)).toBeLessThan(0.14); // 4.5 deviations
    expect(await countFalsePairs({ ...options, mislabelled: 0 })).toMatchObject({
      mislabelledImages: 0,
      share: 0,
      expectedShare: 0,
    });
  });

  test('need two images of each label that there is', async () => {
    await expect(
      openSource<PairSource>(
        cifar10Pairs({
          dir: folder({ 'test_batch.bin': [1, 1, 2] }),
          split: 'test',
          seed: 0,
          mislabelled: 0,
        }),
      ),
    ).rejects.toThrow(
      'CIFAR-10 test: expected two images or more of a label, got one labelled bird',
    );
  });
});
