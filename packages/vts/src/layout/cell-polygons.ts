import { Delaunay } from 'd3-delaunay';

/** Decimals of a corner: a thousandth of a pixel. */
const DECIMALS = 1000;

/**
 * The Voronoi cells as polygons clipped to the image, for tools that take vectors: corners x, y in
 * pixels, in order, the last not repeated; null for a site that owns nothing because it coincides
 * with another. The pixels of masks do not come from these, whose corners are rounded, but from
 * `voronoiScanner`.
 * @param sites x0, y0, x1, y1, ... in pixels
 */
export function cellPolygons(sites: Float64Array, size: number): ([number, number][] | null)[] {
  const voronoi = new Delaunay(sites).voronoi([0, 0, size, size]);
  return Array.from({ length: sites.length / 2 }, (_, i) => {
    const ring = voronoi.cellPolygon(i) as [number, number][] | null;
    return (
      ring
        ?.slice(0, -1)
        .map(([x, y]): [number, number] => [
          Math.round(x * DECIMALS) / DECIMALS,
          Math.round(y * DECIMALS) / DECIMALS,
        ]) ?? null
    );
  });
}
