import { ignoreLabel } from '@noisy-pairs/pairs';

/**
 * What the cells of a feature map are of: the class that most of a cell's pixels have. A pixel
 * belongs to the cell that its centre lies in; ignored pixels (255) count like a class of their
 * own.
 * @param mask [size, size] class ids or 255
 * @param edge cells along an edge
 * @returns [edge * edge], row by row; 255 for a cell without a class: most of it is ignored, or two
 *   classes (or a class and what is ignored) share the first place
 */
export function cellClasses(mask: Uint8Array, size: number, edge: number): Uint8Array {
  const counts = new Uint32Array(edge * edge * 256);
  const cell = Uint32Array.from({ length: size }, (_, i) => Math.floor(((i + 0.5) * edge) / size));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at =
        ((cell[y] as number) * edge + (cell[x] as number)) * 256 + (mask[y * size + x] as number);
      counts[at] = (counts[at] as number) + 1;
    }
  }
  return Uint8Array.from({ length: edge * edge }, (_, i) => {
    const row = counts.subarray(i * 256, (i + 1) * 256);
    const most = row.reduce((a, b) => Math.max(a, b), 0),
      first = row.indexOf(most);
    return row.lastIndexOf(most) === first ? first : ignoreLabel;
  });
}
