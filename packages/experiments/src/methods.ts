import type { MethodConfig } from './config.ts';

/** Methods as their authors write them. */
export const methodNames: Readonly<Record<MethodConfig['name'], string>> = {
  moco: 'MoCo v2',
  densecl: 'DenseCL',
  pixcontrast: 'PixContrast',
  pixpro: 'PixPro',
  vader: 'VADeR (our specification)',
};
