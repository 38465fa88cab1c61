import { ignoreLabel } from '@noisy-pairs/pairs';

/**
 * Labels of a feature map's cells: the most frequent one of a cell's pixels (of equally frequent
 * ones the lowest), or `ignoreLabel` where more than half have none.
 * @param mask [size, size]
 * @param stride edge of a cell in pixels; cells at the right and lower rim may be cut
 * @returns [ceil(size / stride), ceil(size / stride)]
 */
export function cellLabels(mask: Uint8Array, size: number, stride: number): Uint8Array {
  const edge = Math.ceil(size / stride);
  const labels = new Uint8Array(edge * edge);
  const counts = new Uint32Array(256);
  for (let row = 0; row < edge; row++) {
    for (let column = 0; column < edge; column++) {
      const [bottom, right] = [
        Math.min(size, (row + 1) * stride),
        Math.min(size, (column + 1) * stride),
      ];
      const pixels = (bottom - row * stride) * (right - column * stride);
      counts.fill(0);
      for (let y = row * stride; y < bottom; y++) {
        for (let x = column * stride; x < right; x++) {
          const label = mask[y * size + x] as number;
          counts[label] = (counts[label] as number) + 1;
        }
      }
      const none = counts[ignoreLabel] as number;
      counts[ignoreLabel] = 0;
      labels[row * edge + column] =
        2 * none > pixels ? ignoreLabel : counts.indexOf(Math.max(...counts));
    }
  }
  return labels;
}
