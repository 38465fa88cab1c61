import {
  denseCl,
  moco,
  pixContrast,
  pixPro,
  vader,
  type Encoder,
  type Method,
} from '@noisy-pairs/models';
import type { MethodConfig } from '../config/methods.ts';

/** The method that a configuration describes. */
export function openMethod(encoder: Encoder, config: MethodConfig): Method {
  switch (config.name) {
    case 'pixcontrast':
      return pixContrast(encoder, config);
    case 'pixpro':
      return pixPro(encoder, config);
    case 'densecl':
      return denseCl(encoder, withLoss(config));
    case 'vader':
      return vader(encoder, withLoss(config));
    case 'moco':
      return moco(encoder, withLoss(config));
  }
}

/** The robust loss, if there is one; null stands for none in a configuration, which is complete. */
function withLoss<
  T extends { readonly robust: { readonly q: number; readonly lambda: number } | null },
>({ robust, ...config }: T): Omit<T, 'robust'> & { readonly robust?: NonNullable<T['robust']> } {
  return { ...config, ...(robust ? { robust } : {}) };
}
