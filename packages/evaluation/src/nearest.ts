import { plainProducts, type Products } from './products.ts';

/**
 * The k rows of a bank that are most similar to each query, the most similar first; of equals, the
 * one of the lower index first.
 */
interface Nearest {
  /** [Q, k] rows of the bank. */
  readonly indices: Int32Array;
  /** [Q, k] dot products. */
  readonly similarities: Float32Array;
}

/** Rows whose products are in memory at once: 1,024 x 4,096 floats are 16 MiB. */
const queryBlock = 1024;
const bankBlock = 4096;

/**
 * Nearest rows by dot product, block by block: memory for the result and one block's products,
 * whatever the sizes.
 * @param bank [N, dimensions]
 * @param queries [Q, dimensions], both finite
 * @throws if k is not in 1..N
 */
export function nearest(
  bank: Float32Array,
  queries: Float32Array,
  dimensions: number,
  k: number,
  products: Products = plainProducts,
): Nearest {
  const [bankRows, queryRows] = [bank.length / dimensions, queries.length / dimensions];
  if (!Number.isInteger(k) || k < 1 || k > bankRows)
    throw new Error(`k: expected a whole number in 1..${bankRows}, the size of the bank, got ${k}`);
  const indices = new Int32Array(queryRows * k);
  const similarities = new Float32Array(queryRows * k).fill(-Infinity);
  for (let from = 0; from < bankRows; from += bankBlock) {
    const part = bank.subarray(from * dimensions, (from + bankBlock) * dimensions);
    const columns = part.length / dimensions;
    for (let q0 = 0; q0 < queryRows; q0 += queryBlock) {
      const some = queries.subarray(q0 * dimensions, (q0 + queryBlock) * dimensions);
      const block = products(some, part, dimensions);
      for (let row = 0; row < block.length / columns; row++) {
        const own = [(q0 + row) * k, (q0 + row + 1) * k] as const;
        insertRow(
          block.subarray(row * columns, (row + 1) * columns),
          from,
          indices.subarray(...own),
          similarities.subarray(...own),
        );
      }
    }
  }
  return { indices, similarities };
}

/**
 * Puts what is similar enough into a query's sorted list.
 * @param found a query's products with rows of the bank, `from` and on
 * @param indices [k] of the query
 * @param similarities [k] of the query, descending
 */
function insertRow(
  found: Float32Array,
  from: number,
  indices: Int32Array,
  similarities: Float32Array,
): void {
  const last = similarities.length - 1;
  let least = similarities[last] as number;
  for (let column = 0; column < found.length; column++) {
    const similarity = found[column] as number;
    if (!(similarity > least)) continue; // so the earlier of two equals stays
    // Insertion: what is less moves one down, and the last falls out.
    let at = last;
    for (; at > 0 && (similarities[at - 1] as number) < similarity; at--) {
      similarities[at] = similarities[at - 1] as number;
      indices[at] = indices[at - 1] as number;
    }
    similarities[at] = similarity;
    indices[at] = from + column;
    least = similarities[last] as number;
  }
}
