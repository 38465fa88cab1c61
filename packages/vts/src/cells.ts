import { Delaunay } from 'd3-delaunay';

/** Runs of pixels of one cell, row by row, left to right. */
export interface Spans {
  count: number;
  /** First pixel of run k in the image (y * size + x); its row ends it, or the next run. [count + 1], the last = size * size. */
  readonly starts: Uint32Array;
  /** Cell of run k. */
  readonly cells: Uint16Array;
}

export function allocateSpans(size: number): Spans {
  // In the worst case every pixel is a run.
  return { count: 0, starts: new Uint32Array(size * size + 1), cells: new Uint16Array(size * size) };
}

/**
 * Fills `spans` with the Voronoi cells of the sites in a size x size image: each pixel centre (x + 0.5, y + 0.5) belongs to a nearest site.
 * Along a row the next cell begins where the row first crosses a bisector with a Delaunay neighbour; which cell that is, and where exactly, is
 * decided by comparing distances at pixel centres, so that rounding cannot misplace a pixel.
 * @param sites x0, y0, x1, y1, ... in pixels
 */
export function voronoiSpans(sites: Float64Array, size: number, spans: Spans): void {
  const { starts: listStarts, sites: list, first } = neighbourLists(sites);
  /** Walks downhill from cell to cell until no neighbour is nearer; Delaunay makes that a nearest site of all. */
  const descend = (from: number, x: number, y: number) => {
    let site = from;
    let nearest = (x - (sites[2 * site] as number)) ** 2 + (y - (sites[2 * site + 1] as number)) ** 2;
    for (let before = -1; before !== site; ) {
      before = site;
      for (let k = listStarts[before] as number, end = listStarts[before + 1] as number; k < end; k++) {
        const other = list[k] as number;
        const d = (x - (sites[2 * other] as number)) ** 2 + (y - (sites[2 * other + 1] as number)) ** 2;
        if (d < nearest) { nearest = d; site = other; }
      }
    }
    return site;
  };
  let count = 0;
  let rowStart = first;
  for (let row = 0; row < size; row++) {
    const y = row + 0.5;
    let site = (rowStart = descend(rowStart, 0.5, y));
    spans.starts[count] = row * size;
    spans.cells[count++] = site;
    for (let column = 0; ; ) {
      const sx = sites[2 * site] as number, sy = sites[2 * site + 1] as number;
      const own = sx * sx + (sy - y) ** 2;
      let ahead = Infinity;
      for (let k = listStarts[site] as number, end = listStarts[site + 1] as number; k < end; k++) {
        const other = list[k] as number;
        const ox = sites[2 * other] as number;
        if (ox <= sx) continue; // never nearer further right
        const crossing = (ox * ox + (y - (sites[2 * other + 1] as number)) ** 2 - own) / (2 * (ox - sx));
        if (crossing < ahead) ahead = crossing;
      }
      // A pixel early, for rounding.
      column = Math.max(column + 1, Math.floor(ahead - 1.5));
      let next = site;
      while (column < size && (next = descend(site, column + 0.5, y)) === site) column++;
      if (column >= size) break;
      site = next;
      spans.starts[count] = row * size + column;
      spans.cells[count++] = site;
    }
  }
  spans.starts[count] = size * size;
  spans.count = count;
}

/** The Delaunay neighbours of site i are `sites[starts[i]] .. sites[starts[i + 1] - 1]`; a site that coincides with an earlier one has none and owns nothing. */
function neighbourLists(sites: Float64Array): { starts: Uint32Array; sites: Uint32Array; first: number } {
  const n = sites.length / 2;
  const seen = new Map<number, Set<number>>();
  const distinct: number[] = [];
  for (let i = 0; i < n; i++) {
    const x = sites[2 * i] as number, y = sites[2 * i + 1] as number;
    const column = seen.get(x);
    if (column?.has(y)) continue;
    if (column) column.add(y);
    else seen.set(x, new Set([y]));
    distinct.push(i);
  }
  // Three sites or fewer are each other's neighbours; a triangulation has nothing to add.
  const delaunay = distinct.length > 3
    ? new Delaunay(distinct.length === n ? sites : distinct.flatMap((i) => [sites[2 * i] as number, sites[2 * i + 1] as number]))
    : undefined;
  const starts = new Uint32Array(n + 1);
  const list: number[] = [];
  let k = 0;
  for (let i = 0; i < n; i++) {
    starts[i] = list.length;
    if (distinct[k] !== i) continue;
    for (const j of delaunay ? delaunay.neighbors(k) : distinct.keys()) if (j !== k) list.push(distinct[j] as number);
    k++;
  }
  starts[n] = list.length;
  return { starts, sites: Uint32Array.from(list), first: distinct[0] as number };
}
