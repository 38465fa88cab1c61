/**
 * Rows scaled to length 1; one of zeros stays as it is, as with torch's normalize.
 * @param rows [N, dimensions] @returns a copy
 * @throws if they are not whole rows, or a value is not finite
 */
export function unitRows(rows: Float32Array, dimensions: number): Float32Array {
  if (!Number.isInteger(dimensions) || dimensions < 1 || rows.length % dimensions !== 0)
    throw new Error(`features: expected rows of ${dimensions} values, got ${rows.length} values`);
  const unit = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += dimensions) {
    let squares = 0;
    for (let i = start; i < start + dimensions; i++) squares += (rows[i] as number) ** 2;
    if (!Number.isFinite(squares))
      throw new Error(`features: expected finite values, got others in row ${start / dimensions}`);
    const scale = 1 / Math.max(Math.sqrt(squares), 1e-12);
    for (let i = start; i < start + dimensions; i++) unit[i] = (rows[i] as number) * scale;
  }
  return unit;
}
