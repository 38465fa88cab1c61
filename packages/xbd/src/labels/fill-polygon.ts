/** Fixed point of OpenCV's drawing: 16 bits behind the point. */
const ONE = 65536;

/** An edge of a polygon between two rows: x in fixed point where it starts, and its step a row. */
interface Edge {
  readonly top: number;
  readonly bottom: number;
  x: number;
  readonly step: number;
}

/** An image that is drawn on with one value; pixels row by row. */
interface Canvas {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly value: number;
}

/**
 * Fills a polygon as OpenCV's fillPoly does (4.x, 8-connected, no anti-aliasing), boundary line
 * painted: even-odd over all rings together. xBD's official masks were made by it, and are about
 * half a pixel fat for it.
 * @param rings vertices x0, y0, x1, y1, ... in whole pixels; the closing vertex may be there or not
 * @param pixels width * height values, written to
 * @throws if a coordinate is not within 2^31, where OpenCV's whole numbers end
 */
export function fillPolygon(
  rings: readonly ArrayLike<number>[],
  pixels: Uint8Array,
  width: number,
  height: number,
  value: number,
): void {
  const canvas: Canvas = { pixels, width, height, value };
  const edges: Edge[] = [];
  for (const ring of rings) {
    const count = ring.length / 2;
    for (let i = 0; i < ring.length; i++)
      if (!(Math.abs(ring[i] as number) <= 2 ** 31))
        throw new Error(`polygon: expected coordinates within 2^31, got ${ring[i]}`);
    for (let i = 0; i < count; i++) {
      const j = (i + count - 1) % count; // the vertex before
      const [x0, y0] = [ring[2 * j] as number, ring[2 * j + 1] as number];
      const [x1, y1] = [ring[2 * i] as number, ring[2 * i + 1] as number];
      drawLine(x0, y0, x1, y1, canvas);
      if (y0 === y1 || Math.max(y0, y1) <= 0) continue; // fills no row
      edges.push(fromFirstRow(edgeBetween(x0, y0, x1, y1, canvas)));
    }
  }
  fillEdges(edges, canvas);
}

function edgeBetween(x0: number, y0: number, x1: number, y1: number, canvas: Canvas): Edge {
  let [ax, ay, bx, by] = [x0 * ONE, y0, x1 * ONE, y1];
  if (isOutside(x0, y0, canvas) || isOutside(x1, y1, canvas)) {
    // OpenCV takes the slope of the clipped line, which is in whole pixels; of one clipped to a
    // row, only its columns.
    const line = clipLine(x0, y0, x1, y1, canvas);
    [ax, bx] = [line.x0 * ONE, line.x1 * ONE];
    if (line.y0 !== line.y1) [ay, by] = [line.y0, line.y1];
  }
  const step = Math.trunc((bx - ax) / (by - ay));
  return y0 < y1
    ? { top: y0, bottom: y1, x: ax + (y0 - ay) * step, step }
    : { top: y1, bottom: y0, x: bx + (y1 - by) * step, step };
}

/** The part of an edge that begins in row 0 or below it: the walk starts there. */
const fromFirstRow = ({ top, bottom, x, step }: Edge): Edge => {
  const above = Math.max(0, -top);
  return { top: top + above, bottom, x: x + above * step, step };
};

const isOutside = (x: number, y: number, { width, height }: Canvas) =>
  x < 0 || x >= width || y < 0 || y >= height;

/** The even-odd spans between edges, row by row. */
function fillEdges(edges: Edge[], { pixels, width, height, value }: Canvas): void {
  edges.sort((a, b) => a.top - b.top || a.x - b.x || a.step - b.step);
  const lowest = edges.reduce((most, { bottom }) => Math.max(most, bottom), 0);
  const last = Math.min(height, lowest);
  let next = 0;
  let active: Edge[] = [];
  for (let y = edges[0]?.top ?? last; y < last; y++) {
    active = active.filter(({ bottom }) => bottom !== y);
    for (; edges[next]?.top === y; next++) active.push(edges[next] as Edge);
    active.sort((a, b) => a.x - b.x);
    for (let i = 0; i + 1 < active.length; i += 2) {
      const [left, right] = [active[i] as Edge, active[i + 1] as Edge];
      const from = Math.max(0, Math.floor((left.x + ONE - 1) / ONE));
      const to = Math.min(width - 1, Math.floor(right.x / ONE));
      if (from <= to) pixels.fill(value, y * width + from, y * width + to + 1);
    }
    for (const edge of active) edge.x += edge.step;
  }
}

/** A line as OpenCV's LineIterator walks it, 8-connected, clipped to the image first. */
function drawLine(
  startX: number,
  startY: number,
  endX: number,
  endY: number,
  canvas: Canvas,
): void {
  const line = clipLine(startX, startY, endX, endY, canvas);
  if (!line.inside) return;
  const { pixels, width, value } = canvas;
  // OpenCV draws polygons' lines from left to right.
  const swap = line.x1 < line.x0;
  const [x0, y0, x1, y1] = swap
    ? [line.x1, line.y1, line.x0, line.y0]
    : [line.x0, line.y0, line.x1, line.y1];
  const dx = x1 - x0;
  const dy = Math.abs(y1 - y0);
  const down = y1 < y0 ? -1 : 1;
  const steep = dy > dx;
  const [long, short] = steep ? [dy, dx] : [dx, dy];
  let error = long - (short + short);
  let x = x0;
  let y = y0;
  for (let i = 0; i <= long; i++) {
    pixels[y * width + x] = value;
    const turn = error < 0;
    error += turn ? 2 * long - 2 * short : -2 * short;
    if (steep) {
      y += down;
      if (turn) x++;
    } else {
      x++;
      if (turn) y += down;
    }
  }
}

/** A line in whole pixels, clipped. */
interface Line {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** false if no part of it is in the image; its ends mean nothing then. */
  readonly inside: boolean;
}

/** OpenCV's clipLine: Cohen and Sutherland's, in whole pixels, towards zero. */
function clipLine(x0: number, y0: number, x1: number, y1: number, { width, height }: Canvas): Line {
  const right = width - 1;
  const bottom = height - 1;
  const code = (x: number, y: number) =>
    (x < 0 ? 1 : 0) + (x > right ? 2 : 0) + (y < 0 ? 4 : 0) + (y > bottom ? 8 : 0);
  let c0 = code(x0, y0);
  let c1 = code(x1, y1);
  if ((c0 & c1) === 0 && (c0 | c1) !== 0) {
    if (c0 & 12) {
      const a = c0 < 8 ? 0 : bottom;
      x0 += Math.trunc(((a - y0) * (x1 - x0)) / (y1 - y0));
      y0 = a;
      c0 = (x0 < 0 ? 1 : 0) + (x0 > right ? 2 : 0);
    }
    if (c1 & 12) {
      const a = c1 < 8 ? 0 : bottom;
      x1 += Math.trunc(((a - y1) * (x1 - x0)) / (y1 - y0));
      y1 = a;
      c1 = (x1 < 0 ? 1 : 0) + (x1 > right ? 2 : 0);
    }
    if ((c0 & c1) === 0 && (c0 | c1) !== 0) {
      if (c0) {
        const a = c0 === 1 ? 0 : right;
        y0 += Math.trunc(((a - x0) * (y1 - y0)) / (x1 - x0));
        x0 = a;
        c0 = 0;
      }
      if (c1) {
        const a = c1 === 1 ? 0 : right;
        y1 += Math.trunc(((a - x1) * (y1 - y0)) / (x1 - x0));
        x1 = a;
        c1 = 0;
      }
    }
  }
  return { x0, y0, x1, y1, inside: (c0 | c1) === 0 };
}
