import { openSource, type LabelledSource, type PairSource } from '@noisy-pairs/pairs';
import { describe, expect, it } from 'vitest';
import { createGenerator } from './generator.ts';
import { completeOptions, type VtsOptions } from './options.ts';
import { vtsLabelled, vtsPairs } from './sources.ts';
import { openTextures } from './textures/open-textures.ts';

const options: VtsOptions = {
  size: 32,
  cells: 12,
  imageNoise: 0.25,
  seed: 4,
  length: 30,
  textures: { kind: 'procedural', instances: 3 },
  split: 'train',
};
const image = () => new Uint8Array(32 * 32 * 3);

describe('vtsPairs', () => {
  it('opens from plain data, as a worker thread would', async () => {
    const source = await openSource<PairSource>(structuredClone(vtsPairs(options)));
    expect({ size: source.size, length: source.length, name: source.name }).toEqual({
      size: 32,
      length: 30,
      name: 'VTS train',
    });
  });

  it('gives the clean image twice, or the clean one and its noisy version', async () => {
    const source = await openSource<PairSource>(vtsPairs(options));
    const generate = createGenerator(
      completeOptions(options),
      await openTextures(completeOptions(options)),
    );
    for (const index of [0, 7, 29, 7]) {
      const [clean, noisy, first, second] = [image(), image(), image(), image()];
      generate(index, { clean, noisy });
      await source.read(index, false, first, second);
      expect([first, second]).toEqual([clean, clean]);
      await source.read(index, true, first, second);
      expect([first, second]).toEqual([clean, noisy]);
      expect(noisy).not.toEqual(clean);
    }
  });

  it('refuses an index it does not have', async () => {
    const source = await openSource<PairSource>(vtsPairs(options));
    for (const index of [-1, 30, 1.5])
      expect(() => source.read(index, false, image(), image())).toThrow(
        `VTS image: expected an index in 0..29, got ${index}`,
      );
  });

  it('refuses options that cannot be, at once', () => {
    expect(() => vtsPairs({ ...options, imageNoise: 1.5 })).toThrow(/^VTS option imageNoise: /);
    expect(() => vtsPairs({ ...options, size: 2 })).toThrow(/^VTS option size: /);
    expect(() => vtsPairs({ ...options, nosie: 1 } as VtsOptions)).toThrow(/nosie/);
  });
});

describe('vtsLabelled', () => {
  it('gives clean images and masks of class ids', async () => {
    const source = await openSource<LabelledSource>(vtsLabelled(options));
    expect(source.classes).toEqual(['one-orientation', 'two-orientations']);
    const generate = createGenerator(
      completeOptions(options),
      await openTextures(completeOptions(options)),
    );
    const [clean, mask, gotImage, gotMask] = [
      image(),
      new Uint8Array(1024),
      image(),
      new Uint8Array(1024),
    ];
    generate(11, { clean, mask });
    await source.read(11, gotImage, gotMask);
    expect([gotImage, gotMask]).toEqual([clean, mask]);
    expect(new Set(gotMask)).toEqual(new Set([0, 1]));
  });
});
