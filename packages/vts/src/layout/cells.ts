/**
 * Sites lie on a lattice of this many steps a pixel: distances to pixel centres are then exact in
 * float64, and ties are real ties.
 */
export const STEPS = 1024;

/** Runs of pixels of one cell, row by row, left to right. */
export interface Spans {
  count: number;
  /**
   * First pixel of run k in the image (y * size + x), which ends where run k + 1 starts;
   * starts[count] = size * size.
   */
  readonly starts: Uint32Array;
  /** Cell of run k. */
  readonly cells: Uint16Array;
}

/** The sites from left to right, in steps. */
interface SortedSites {
  readonly count: number;
  /** x * 65536 + id, sorted: one number for both, as sorting plain numbers is fast. */
  readonly keys: Float64Array;
  readonly ids: Uint16Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The lower envelope of one row: site, x and c of each line on it, and its first column. */
interface Envelope {
  readonly ids: Uint16Array;
  readonly x: Float64Array;
  readonly c: Float64Array;
  readonly from: Uint32Array;
}

/**
 * The Voronoi cells of `cells` sites in a size x size image, as runs of pixels: each pixel centre
 * (x + 0.5, y + 0.5) belongs to the nearest site, of equally near ones to the first. Along a row
 * the squared distance to site i is x^2 - 2 x_i x + c_i, so that the nearest sites are the lower
 * envelope of lines sorted by slope (the convex hull trick); all numbers are whole ones below 2^53,
 * so nothing is rounded. Not by way of d3-delaunay: its in-circle test rounds, which misplaces
 * pixels of sites that lie close together, and it takes longer.
 * @param size edge in pixels, at most 4096
 * @returns a function of sites x0, y0, x1, y1, ... in pixels, multiples of 1 / STEPS in [0, size];
 *   each call overwrites the spans of the last
 */
export function voronoiScanner(size: number, cells: number): (sites: Float64Array) => Spans {
  const runs = size * Math.min(size, cells);
  const spans: Spans = {
    count: 0,
    starts: new Uint32Array(runs + 1),
    cells: new Uint16Array(runs),
  };
  const sorted: SortedSites = {
    count: cells,
    keys: new Float64Array(cells),
    ids: new Uint16Array(cells),
    x: new Float64Array(cells),
    y: new Float64Array(cells),
  };
  const envelope: Envelope = {
    ids: new Uint16Array(cells),
    x: new Float64Array(cells),
    c: new Float64Array(cells),
    from: new Uint32Array(cells),
  };

  return (sites) => {
    sortSites(sites, sorted);
    let count = 0;
    for (let row = 0; row < size; row++) {
      const lines = sweepRow(row, size, sorted, envelope);
      for (let k = 0; k < lines; k++) {
        spans.starts[count] = row * size + (envelope.from[k] as number);
        spans.cells[count++] = envelope.ids[k] as number;
      }
    }
    spans.starts[count] = size * size;
    spans.count = count;
    return spans;
  };
}

function sortSites(sites: Float64Array, { count, keys, ids, x, y }: SortedSites): void {
  // 22 bits of x, 16 of the site
  for (let i = 0; i < count; i++) keys[i] = (sites[2 * i] as number) * STEPS * 65536 + i;
  keys.sort();
  for (let k = 0; k < count; k++) {
    const id = (keys[k] as number) % 65536;
    ids[k] = id;
    x[k] = (sites[2 * id] as number) * STEPS;
    y[k] = (sites[2 * id + 1] as number) * STEPS;
  }
}

/** Overwrites the envelope by that of a row. @returns the number of lines on it */
function sweepRow(row: number, size: number, sorted: SortedSites, envelope: Envelope): number {
  const { count, ids, x: siteX, y: siteY } = sorted;
  const { ids: hull, x: hullX, c: hullC, from } = envelope;
  const centre = STEPS * row + STEPS / 2;
  let top = -1;
  for (let i = 0; i < count; i++) {
    const id = ids[i] as number;
    const x = siteX[i] as number;
    const dy = (siteY[i] as number) - centre;
    const c = x * x + dy * dy;
    // The site lies to the right of those before: what it takes, it takes from some column on.
    let apart = 0;
    let ahead = 0;
    let tie = 0;
    for (; top >= 0; top--) {
      apart = x - (hullX[top] as number);
      ahead = c - (hullC[top] as number);
      tie = id < (hull[top] as number) ? 0 : 1;
      if (nearer(ahead, apart, from[top] as number) < tie) break;
    }
    let start = 0;
    if (top >= 0) {
      if (nearer(ahead, apart, size - 1) < tie) continue;
      start = Math.floor((ahead - STEPS * apart) / (2 * STEPS * apart));
      // At most one column early (a tie, or a quotient rounded) or late.
      if (nearer(ahead, apart, start) < tie) start++;
      else if (nearer(ahead, apart, start - 1) >= tie) start--;
    }
    hull[++top] = id;
    hullX[top] = x;
    hullC[top] = c;
    from[top] = start;
  }
  return top + 1;
}

/**
 * By how much a site is nearer to a pixel centre than another one `apart` to its left, whose c is
 * less by `ahead`; a squared distance.
 */
function nearer(ahead: number, apart: number, column: number): number {
  return (2 * STEPS * column + STEPS) * apart - ahead;
}
