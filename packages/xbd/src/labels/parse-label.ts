import { parse, type GeoJSONGeometryOrNull, type GeoJSONPosition } from 'wellknown';
import {
  damages,
  type Building,
  type Damage,
  type Label,
  type LabelMetadata,
  type Polygon,
} from './label.ts';

interface Feature {
  readonly properties?: { readonly uid?: string; readonly subtype?: string };
  readonly wkt?: string;
}

interface LabelJson {
  readonly features?: { readonly xy?: unknown; readonly lng_lat?: unknown };
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * An xBD label.
 * @param name what errors call it, e.g. its path
 * @throws `NAME: ...` if it is not JSON of this form, or names an unknown damage or geometry
 */
export function parseLabel(text: string, name = 'label'): Label {
  const json = parseJson(text, name);
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

function parseJson(text: string, name: string): LabelJson | null {
  try {
    return JSON.parse(text) as LabelJson | null;
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${name}: expected JSON, got something else or a part (${message})`, {
      cause: error,
    });
  }
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
  const polygons = coordinatesOf(parse(wkt));
  if (!polygons) throw new Error(`${name}: expected a WKT POLYGON, got ${wkt.slice(0, 40)}`);
  return polygons.map((rings) =>
    rings.map((ring) => {
      if (ring.length < 3 || !ring.every(isPoint))
        throw new Error(`${name}: expected rings of three points or more, got ${wkt.slice(0, 40)}`);
      return Float64Array.from(ring.flatMap(([x, y]) => [x, y]));
    }),
  );
}

/** Polygons, their rings, their points; undefined for another geometry. */
function coordinatesOf(geometry: GeoJSONGeometryOrNull): GeoJSONPosition[][][] | undefined {
  if (geometry?.type === 'Polygon') return [geometry.coordinates];
  return geometry?.type === 'MultiPolygon' ? geometry.coordinates : undefined;
}

const isPoint = (point: readonly number[]) =>
  point.length >= 2 && point.slice(0, 2).every(Number.isFinite);

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
