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
 * Along a row the next cell is a Delaunay neighbour of the present one, and begins where the row crosses their bisector; the crossing is then
 * confirmed by comparing distances at pixel centres, so that rounding cannot misplace a pixel.
 * @param sites x0, y0, x1, y1, ... in pixels
 */
export function voronoiSpans(sites: Float64Array, size: number, spans: Spans): void {
  const n = sites.length / 2;
  const neighbours = neighbourLists(sites, n);
  const owners = neighbours.flatMap((list, site) => (list ? [site] : []));
  const siteX = (i: number) => sites[2 * i] as number, siteY = (i: number) => sites[2 * i + 1] as number;
  const distance = (i: number, x: number, y: number) => (x - siteX(i)) ** 2 + (y - siteY(i)) ** 2;
  let count = 0;
  for (let row = 0; row < size; row++) {
    const y = row + 0.5;
    let site = owners[0] as number;
    let nearest = distance(site, 0.5, y);
    for (const other of owners) {
      const d = distance(other, 0.5, y);
      if (d < nearest) { nearest = d; site = other; }
    }
    spans.starts[count] = row * size;
    spans.cells[count++] = site;
    for (let column = 0; column < size; ) {
      // The first pixel that may belong to a neighbour: where the row crosses the nearest bisector ahead, a pixel early for rounding.
      let ahead = Infinity;
      const sx = siteX(site), sy = siteY(site);
      for (const other of neighbours[site] as number[]) {
        const ox = siteX(other), oy = siteY(other);
        if (ox <= sx) continue; // never nearer further right
        const crossing = (ox * ox - sx * sx + (oy - y) ** 2 - (sy - y) ** 2) / (2 * (ox - sx));
        if (crossing < ahead) ahead = crossing;
      }
      column = Math.max(column + 1, Math.floor(ahead - 1.5));
      if (column >= size) break;
      // Walk downhill from cell to cell until none of the neighbours is nearer (Delaunay makes that the nearest of all).
      let next = site;
      for (let moved = true; moved; ) {
        moved = false;
        nearest = distance(next, column + 0.5, y);
        for (const other of neighbours[next] as number[]) {
          const d = distance(other, column + 0.5, y);
          if (d < nearest) { nearest = d; next = other; moved = true; }
        }
      }
      if (next !== site) {
        site = next;
        spans.starts[count] = row * size + column;
        spans.cells[count++] = site;
      }
    }
  }
  spans.starts[count] = size * size;
  spans.count = count;
}

/** Delaunay neighbours of each site; undefined for a site that coincides with an earlier one and so owns nothing. */
function neighbourLists(sites: Float64Array, n: number): (number[] | undefined)[] {
  const first = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const key = `${sites[2 * i]} ${sites[2 * i + 1]}`;
    if (!first.has(key)) first.set(key, i);
  }
  const distinct = [...first.values()];
  const lists = new Array<number[] | undefined>(n).fill(undefined);
  // Three sites or fewer are each other's neighbours; a triangulation has nothing to add.
  if (distinct.length <= 3) {
    for (const i of distinct) lists[i] = distinct.filter((j) => j !== i);
    return lists;
  }
  const delaunay = new Delaunay(distinct.flatMap((i) => [sites[2 * i] as number, sites[2 * i + 1] as number]));
  distinct.forEach((site, i) => { lists[site] = [...delaunay.neighbors(i)].map((j) => distinct[j] as number); });
  return lists;
}
