/** A rectangle of pixels, x to the right and y down. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @throws `NAME: expected a window inside ...` */
export function requireInside(window: Window, width: number, height: number, name: string): void {
  const { x, y, width: w, height: h } = window;
  const isWhole = [x, y, w, h].every(Number.isInteger);
  const isInside = x >= 0 && y >= 0 && x + w <= width && y + h <= height;
  if (!isWhole || w < 1 || h < 1 || !isInside)
    throw new Error(
      `${name}: expected a window inside ${width} x ${height}, got ${w} x ${h} at ${x}, ${y}`,
    );
}
