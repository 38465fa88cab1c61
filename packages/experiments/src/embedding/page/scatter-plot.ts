import { type Markup, markup } from '@noisy-pairs/pages';

/** Sizes in units of the viewBox. */
const width = 560;
const margin = 16;
const radius = 2.7;
/** A plot that is flatter gets room; one that is higher is drawn smaller. */
const leastHeight = 240;
const mostHeight = 480;

/**
 * Points in the plane as an SVG element, both axes on one scale and without ticks, for UMAP's axes
 * have no meaning. Some tens of bytes a point, where Vega's marks take hundreds.
 * @param plane [N, 2]
 * @param colours [N]
 * @param marked points to be numbered 1, 2, ...
 * @param label for who does not see it
 */
export function scatterPlot(
  plane: Float32Array,
  colours: readonly string[],
  marked: readonly number[],
  label: string,
): Markup {
  const { height, place } = fit(plane);
  const dots = colours.map((colour, i) => {
    const [x, y] = place(i);
    return markup`<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`;
  });
  const numbers = marked.map((point, i) => {
    const [x, y] = place(point);
    const text = markup`<text x="${x}" y="${y}" dy=".36em">${i + 1}</text>`;
    return markup`<circle cx="${x}" cy="${y}" r="9"/>${text}`;
  });
  return markup`
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" class="frame"/>
    <g fill-opacity=".75">${dots}</g>
    <g class="numbers">${numbers}</g>
    </svg>
  `;
}

/** A plot's height, and where a point of the plane lies in it. */
function fit(plane: Float32Array): {
  height: number;
  place: (point: number) => readonly [x: string, y: string];
} {
  const axis = (offset: 0 | 1) => plane.filter((_, i) => i % 2 === offset);
  const [xs, ys] = [axis(0), axis(1)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-6),
    (mostHeight - 2 * margin) / Math.max(top - bottom, 1e-6),
  );
  const height = Math.max(leastHeight, Math.ceil(scale * (top - bottom)) + 2 * margin);
  const place = (point: number) => {
    const x = width / 2 + scale * ((xs[point] as number) - (left + right) / 2);
    const y = height / 2 - scale * ((ys[point] as number) - (bottom + top) / 2);
    return [x.toFixed(1), y.toFixed(1)] as const;
  };
  return { height, place };
}
