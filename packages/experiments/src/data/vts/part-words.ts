import type { TextureParts, TextureSet } from '@noisy-pairs/vts';

const words: Record<TextureParts, string> = {
  files: 'different photographs',
  regions: 'disjoint regions of the same photographs',
  same: 'the same photographs',
};

/** What pretraining, training and test images have in common, with the classes if they differ. */
export function partWords(names: readonly string[], banks: TextureSet['banks']): string {
  const parts = (['files', 'regions', 'same'] as const).flatMap((part) => {
    const own = names.filter((_, i) => banks[i]?.parts === part);
    if (own.length === 0) return [];
    return own.length === names.length ? words[part] : `${words[part]} (${own.join(', ')})`;
  });
  return `pretraining, training and test images show ${parts.join(', ')}`;
}
