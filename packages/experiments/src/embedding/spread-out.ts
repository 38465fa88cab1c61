/**
 * Points that lie far from each other, so that a few stand for all (farthest point first; Gonzalez
 * 1985): the one farthest from the middle, then again and again the one farthest from all chosen.
 * @param positions [N, 2]
 * @returns indices, `count` or N of them
 */
export function spreadOut(positions: Float32Array, count: number): number[] {
  const points = positions.length / 2;
  const squared = (i: number, x: number, y: number) =>
    ((positions[2 * i] as number) - x) ** 2 + ((positions[2 * i + 1] as number) - y) ** 2;
  let [x, y] = [0, 0];
  for (let i = 0; i < points; i++) {
    x += (positions[2 * i] as number) / points;
    y += (positions[2 * i + 1] as number) / points;
  }
  let distances = Float64Array.from({ length: points }, (_, i) => squared(i, x, y));
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, points)) {
    const next = distances.indexOf(Math.max(...distances));
    const [nextX, nextY] = [positions[2 * next] as number, positions[2 * next + 1] as number];
    distances = distances.map((distance, i) =>
      Math.min(chosen.length === 0 ? Infinity : distance, squared(i, nextX, nextY)),
    );
    chosen.push(next);
  }
  return chosen;
}
