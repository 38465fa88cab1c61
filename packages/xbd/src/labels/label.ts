import { parse, type GeoJSONGeometryOrNull } from 'wellknown';

/** xBD's scale of damage: what a mask holds for it. */
export const damageValues = {
  'no-damage': 1,
  'minor-damage': 2,
  'major-damage': 3,
  destroyed: 4,
} as const;
/** A building nobody could classify. */
export const unknownDamage = 'un-classified';
export type Damage = keyof typeof damageValues | typeof unknownDamage;
export const damages: readonly Damage[] = [
  ...(Object.keys(damageValues) as (keyof typeof damageValues)[]),
  unknownDamage,
];

/**
 * A polygon: rings of coordinates x0, y0, x1, y1, ...; the first is the outline, others are holes.
 */
export type Polygon = readonly Float64Array[];

/** A building of a label. */
export interface Building {
  readonly uid: string;
  /** Of the image after; undefined in a label of the image before, which has none. */
  readonly damage: Damage | undefined;
  /** In pixels, x to the right and y down; one, but for a MULTIPOLYGON, none for an EMPTY one. */
  readonly polygons: readonly Polygon[];
}

/** What xBD says of an image. */
export interface LabelMetadata {
  readonly disaster: string;
  readonly disasterType: string;
  readonly sensor: string;
  readonly captureDate: string;
  /** Metres of the multispectral band; not the size of a pixel. */
  readonly gsd: number;
  readonly panResolution: number;
  readonly offNadirAngle: number;
  readonly sunAzimuth: number;
  readonly sunElevation: number;
  readonly targetAzimuth: number;
  readonly catalogId: string;
  readonly width: number;
  readonly height: number;
  readonly originalWidth: number;
  readonly originalHeight: number;
  readonly id: string;
  readonly imageName: string;
}

export interface Label {
  readonly buildings: readonly Building[];
  /**
   * The same buildings, in the same order, in longitude and latitude; empty in files that lack it.
   */
  readonly lngLat: readonly Building[];
  /** Missing fields are empty texts or NaN. */
  readonly metadata: LabelMetadata;
}

interface Feature {
  readonly properties?: { readonly uid?: string; readonly subtype?: string };
  readonly wkt?: string;
}

/**
 * An xBD label.
 * @param name what errors call it, e.g. its path
 * @throws `NAME: ...` if it is not JSON of this form, or names an unknown damage or geometry
 */
export function parseLabel(text: string, name = 'label'): Label {
  let json: {
    features?: { xy?: unknown; lng_lat?: unknown };
    metadata?: Record<string, unknown>;
  } | null;
  try {
    json = JSON.parse(text) as typeof json;
  } catch (error) {
    throw new Error(
      `${name}: expected JSON, got something else or a part (${(error as Error).message})`,
      { cause: error },
    );
  }
  const xy = json?.features?.xy;
  const lngLat = json?.features?.lng_lat ?? [];
  if (!Array.isArray(xy)) throw new Error(`${name}: expected features.xy, got none`);
  if (!Array.isArray(lngLat))
    throw new Error(`${name}: expected features.lng_lat to be a list, got ${typeof lngLat}`);
  return {
    buildings: (xy as Feature[]).map((feature, i) => buildingOf(feature, `${name}, building ${i}`)),
    lngLat: (lngLat as Feature[]).map((feature, i) =>
      buildingOf(feature, `${name}, building ${i} in lng_lat`),
    ),
    metadata: metadataOf(json?.metadata ?? {}),
  };
}

function buildingOf({ properties, wkt }: Feature, name: string): Building {
  const damage = properties?.subtype;
  if (damage !== undefined && !(damages as readonly string[]).includes(damage))
    throw new Error(`${name}: expected a damage of ${damages.join(', ')}, got ${damage}`);
  return {
    uid: properties?.uid ?? '',
    damage: damage as Damage | undefined,
    polygons: polygonsOf(wkt, name),
  };
}

function polygonsOf(wkt: string | undefined, name: string): Polygon[] {
  if (typeof wkt !== 'string')
    throw new Error(`${name}: expected a WKT POLYGON, got ${typeof wkt}`);
  if (/^\s*(MULTI)?POLYGON\s+EMPTY\s*$/i.test(wkt)) return [];
  const geometry: GeoJSONGeometryOrNull = parse(wkt);
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates
        : undefined;
  if (!polygons) throw new Error(`${name}: expected a WKT POLYGON, got ${wkt.slice(0, 40)}`);
  return polygons.map((rings) =>
    rings.map((ring) => {
      if (
        ring.length < 3 ||
        ring.some((point) => point.length < 2 || !point.slice(0, 2).every(Number.isFinite))
      )
        throw new Error(`${name}: expected rings of three points or more, got ${wkt.slice(0, 40)}`);
      return Float64Array.from(ring.flatMap(([x = NaN, y = NaN]) => [x, y]));
    }),
  );
}

function metadataOf(json: Readonly<Record<string, unknown>>): LabelMetadata {
  const text = (key: string) => (typeof json[key] === 'string' ? json[key] : '');
  const number = (key: string) => (typeof json[key] === 'number' ? json[key] : NaN);
  return {
    disaster: text('disaster'),
    disasterType: text('disaster_type'),
    sensor: text('sensor'),
    captureDate: text('capture_date'),
    gsd: number('gsd'),
    panResolution: number('pan_resolution'),
    offNadirAngle: number('off_nadir_angle'),
    sunAzimuth: number('sun_azimuth'),
    sunElevation: number('sun_elevation'),
    targetAzimuth: number('target_azimuth'),
    catalogId: text('catalog_id'),
    width: number('width'),
    height: number('height'),
    originalWidth: number('original_width'),
    originalHeight: number('original_height'),
    id: text('id'),
    imageName: text('img_name'),
  };
}
