import { createGenerator } from './generator.ts';
import type { CompleteVtsOptions } from './options.ts';
import { openTextures } from './textures/open-textures.ts';

/** Images drawn beforehand, until the code is compiled. */
const WARM_UP = 200;

/**
 * Seconds that drawing all images of the options takes, each clean and noisy with both masks, on
 * one thread; textures are in memory before.
 * @throws as openTextures
 */
export async function timeGenerator(options: CompleteVtsOptions): Promise<number> {
  const textures = await openTextures(options);
  for (const bank of textures.banks) for (let i = 0; i < bank.length; i++) bank.get(i);
  const generate = createGenerator(options, textures);
  const pixels = options.size * options.size;
  const canvas = {
    clean: new Uint8Array(3 * pixels),
    noisy: new Uint8Array(3 * pixels),
    mask: new Uint8Array(pixels),
    noiseMask: new Uint8Array(pixels),
  };
  for (let i = 0; i < WARM_UP; i++) generate(i, canvas);

  const start = performance.now();
  for (let i = 0; i < options.length; i++) generate(i, canvas);
  return (performance.now() - start) / 1000;
}
