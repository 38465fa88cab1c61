/** Mask values: 0 background, then the damage scale of xBD; 255 a building that nobody could classify. */
export const damageValues = { 'no-damage': 1, 'minor-damage': 2, 'major-damage': 3, destroyed: 4, 'un-classified': 255 } as const;
export type Damage = keyof typeof damageValues;

/** A building: rings of pixel coordinates x0, y0, x1, y1, ...; the first is the outline, others are holes. */
export interface Building {
  readonly uid: string;
  readonly damage: Damage;
  readonly rings: readonly Float64Array[];
}

/**
 * Buildings out of an xBD label (the `xy` features, pixel coordinates). Labels of images before the disaster have no damage: no-damage then.
 * @param name what errors call it, e.g. its path
 * @throws if it is not JSON of this form, or names an unknown damage or geometry.
 */
export function parseLabel(text: string, name = 'label'): Building[] {
  let features: { properties?: { uid?: string; subtype?: string }; wkt?: string }[] | undefined;
  try {
    features = (JSON.parse(text) as { features?: { xy?: typeof features } }).features?.xy;
  } catch (error) {
    throw new Error(`${name}: expected JSON, got something else (${(error as Error).message})`, { cause: error });
  }
  if (!Array.isArray(features)) throw new Error(`${name}: expected features.xy, got none`);
  return features.map(({ properties, wkt = '' }, i) => {
    const damage = properties?.subtype ?? 'no-damage';
    if (!Object.hasOwn(damageValues, damage)) throw new Error(`${name}, building ${i}: expected a damage of ${Object.keys(damageValues).join(', ')}, got ${damage}`);
    return { uid: properties?.uid ?? String(i), damage: damage as Damage, rings: parsePolygon(wkt, `${name}, building ${i}`) };
  });
}

function parsePolygon(wkt: string, name: string): Float64Array[] {
  const body = /^\s*POLYGON\s*(?:Z\s*)?\(\s*(\(.*\))\s*\)\s*$/i.exec(wkt)?.[1];
  if (body === undefined) throw new Error(`${name}: expected a WKT POLYGON, got ${wkt.slice(0, 40)}`);
  return [...body.matchAll(/\(([^()]*)\)/g)].map(([, ring = '']) => {
    const points = ring.split(',').map((point) => point.trim().split(/\s+/).slice(0, 2).map(Number));
    if (points.length < 3 || points.some((p) => p.length !== 2 || !p.every(Number.isFinite))) throw new Error(`${name}: expected rings of three points or more, got ${ring.slice(0, 40)}`);
    return Float64Array.from(points.flat());
  });
}
