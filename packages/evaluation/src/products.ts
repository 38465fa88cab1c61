/**
 * Dot products of every row of a with every row of b.
 * @param a [A, dimensions]
 * @param b [B, dimensions]
 * @returns [A, B]
 */
export type Products = (a: Float32Array, b: Float32Array, dimensions: number) => Float32Array;

/**
 * Products in plain TypeScript, summed in double precision: about 2 billion multiplications a
 * second on one core.
 */
export const plainProducts: Products = (a, b, dimensions) => {
  const [rows, columns] = [a.length / dimensions, b.length / dimensions];
  const products = new Float32Array(rows * columns);
  // Four rows by two at a time, so that a value that was read is used more than once.
  const [wholeRows, wholeColumns] = [rows - (rows % 4), columns - (columns % 2)];
  for (let r = 0; r < wholeRows; r += 4) {
    for (let c = 0; c < wholeColumns; c += 2) {
      let [p00, p01, p10, p11, p20, p21, p30, p31] = [0, 0, 0, 0, 0, 0, 0, 0];
      const a0 = r * dimensions;
      const a1 = a0 + dimensions;
      const a2 = a1 + dimensions;
      const a3 = a2 + dimensions;
      const b0 = c * dimensions;
      const b1 = b0 + dimensions;
      for (let d = 0; d < dimensions; d++) {
        const x0 = a[a0 + d] as number;
        const x1 = a[a1 + d] as number;
        const x2 = a[a2 + d] as number;
        const x3 = a[a3 + d] as number;
        const y0 = b[b0 + d] as number;
        const y1 = b[b1 + d] as number;
        p00 += x0 * y0;
        p01 += x0 * y1;
        p10 += x1 * y0;
        p11 += x1 * y1;
        p20 += x2 * y0;
        p21 += x2 * y1;
        p30 += x3 * y0;
        p31 += x3 * y1;
      }
      const at = r * columns + c;
      products[at] = p00;
      products[at + 1] = p01;
      products[at + columns] = p10;
      products[at + columns + 1] = p11;
      products[at + 2 * columns] = p20;
      products[at + 2 * columns + 1] = p21;
      products[at + 3 * columns] = p30;
      products[at + 3 * columns + 1] = p31;
    }
  }
  // The rest, at the right and at the bottom.
  for (let r = 0; r < rows; r++) {
    for (let c = r < wholeRows ? wholeColumns : 0; c < columns; c++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++)
        sum += (a[r * dimensions + d] as number) * (b[c * dimensions + d] as number);
      products[r * columns + c] = sum;
    }
  }
  return products;
};
