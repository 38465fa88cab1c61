import {
  denseCl,
  moco,
  pixContrast,
  pixPro,
  vader,
  type Encoder,
  type Method,
} from '@noisy-pairs/models';
import type { MethodConfig, RobustLoss } from '../config/methods.ts';

/** The method that a configuration describes. */
export function openMethod(encoder: Encoder, config: MethodConfig): Method {
  switch (config.name) {
    case 'moco':
      return moco(encoder, withLoss(config));
    case 'densecl':
      return denseCl(encoder, withLoss(config));
    case 'pixcontrast':
      return pixContrast(encoder, config);
    case 'pixpro':
      return pixPro(encoder, config);
    case 'vader':
      return vader(encoder, withLoss(config));
  }
}

/** A complete configuration has null where a method has no option `robust`. */
function withLoss<T extends { readonly robust: RobustLoss | null }>({
  robust,
  ...config
}: T): Omit<T, 'robust'> & { readonly robust?: RobustLoss } {
  return { ...config, ...(robust ? { robust } : {}) };
}
