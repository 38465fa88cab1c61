type Row = readonly [number, number, number];
/** 3 x 3, row by row. */
export type Matrix = readonly [Row, Row, Row];

export function transpose([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

export function product(left: Matrix, right: Matrix): Matrix {
  const columns = transpose(right);
  const dot = (p: Row, q: Row) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const row = (p: Row): Row => [dot(p, columns[0]), dot(p, columns[1]), dot(p, columns[2])];
  return [row(left[0]), row(left[1]), row(left[2])];
}

export function inverse([a, b, c]: Matrix): Matrix {
  const cross = (p: Row, q: Row): Row => [
    p[1] * q[2] - p[2] * q[1],
    p[2] * q[0] - p[0] * q[2],
    p[0] * q[1] - p[1] * q[0],
  ];
  const bc = cross(b, c);
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const scaled = (p: Row): Row => [p[0] / determinant, p[1] / determinant, p[2] / determinant];
  return transpose([scaled(bc), scaled(cross(c, a)), scaled(cross(a, b))]);
}
