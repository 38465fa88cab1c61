const width = 560,
  margin = 16,
  radius = 2.7;
/** What is flatter or higher than that gets room, or is drawn smaller. */
const leastHeight = 240,
  mostHeight = 480;

/**
 * Points in the plane as an SVG element, both axes on one scale and without ticks, for UMAP's axes
 * have no meaning. Some tens of bytes a point, where Vega's marks take hundreds.
 * @param positions [N, 2]
 * @param colours [N]
 * @param marked points to be numbered 1, 2, ...
 * @param label for who does not see it
 */
export function scatterPlot(
  positions: Float32Array,
  colours: readonly string[],
  marked: readonly number[],
  label: string,
): string {
  const axis = (offset: 0 | 1) => positions.filter((_, i) => i % 2 === offset);
  const [xs, ys] = [axis(0), axis(1)];
  const [left, right, bottom, top] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-6),
    (mostHeight - 2 * margin) / Math.max(top - bottom, 1e-6),
  );
  const height = Math.max(leastHeight, Math.ceil(scale * (top - bottom)) + 2 * margin);
  const place = (i: number) => ({
    x: (width / 2 + scale * ((xs[i] as number) - (left + right) / 2)).toFixed(1),
    y: (height / 2 - scale * ((ys[i] as number) - (bottom + top) / 2)).toFixed(1),
  });
  const dots = colours.map((colour, i) => {
    const { x, y } = place(i);
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`;
  });
  const numbers = marked.map((point, i) => {
    const { x, y } = place(point);
    return `<circle cx="${x}" cy="${y}" r="9"/><text x="${x}" y="${y}" dy=".36em">${i + 1}</text>`;
  });
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><rect x=".5" y=".5" ` +
    `width="${width - 1}" height="${height - 1}" class="frame"/><g ` +
    `fill-opacity=".75">${dots.join('')}</g><g class="numbers">${numbers.join('')}</g></svg>`
  );
}
