import {
  damages,
  type Building,
  type Damage,
  type Label,
  type LabelMetadata,
  type Polygon,
} from './label.ts';
import { readWktPolygons } from './wkt.ts';

/** Characters of a wrong value that errors show. */
const shown = 40;

interface Feature {
  readonly properties?: { readonly uid?: unknown; readonly subtype?: unknown } | null;
  readonly wkt?: unknown;
}

interface LabelJson {
  readonly features?: { readonly xy?: unknown; readonly lng_lat?: unknown } | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
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
    buildings: buildingsOf(xy, name, ''),
    lngLat: buildingsOf(lngLat, name, ' in lng_lat'),
    metadata: metadataOf(json?.metadata ?? {}),
  };
}

function parseJson(text: string, name: string): LabelJson | null {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as LabelJson | null;
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${name}: expected JSON, got something else or a part (${message})`, {
      cause: error,
    });
  }
}

/** @throws with what is wrong with the first that is no building, and how many more are none */
function buildingsOf(features: readonly unknown[], name: string, where: string): Building[] {
  const wrong: Error[] = [];
  const buildings = features.flatMap((feature, i) => {
    try {
      return buildingOf(feature, `${name}, building ${i}${where}`);
    } catch (error) {
      wrong.push(error as Error);
      return [];
    }
  });
  const [first] = wrong;
  if (!first) return buildings;
  const more = wrong.length > 1 ? `; so ${wrong.length} of ${features.length} buildings` : '';
  throw new Error(`${first.message}${more}`, { cause: first });
}

function buildingOf(feature: unknown, name: string): Building {
  if (typeof feature !== 'object' || feature === null)
    throw new Error(`${name}: expected an object, got ${shortened(feature)}`);
  const { properties, wkt } = feature as Feature;
  const damage = properties?.subtype ?? undefined;
  if (damage !== undefined && !(damages as readonly unknown[]).includes(damage))
    throw new Error(
      `${name}: expected a damage of ${damages.join(', ')}, got ${shortened(damage)}`,
    );
  const uid = properties?.uid;
  return {
    uid: typeof uid === 'string' ? uid : '',
    damage: damage as Damage | undefined,
    polygons: polygonsOf(wkt, name),
  };
}

function polygonsOf(wkt: unknown, name: string): Polygon[] {
  if (typeof wkt !== 'string')
    throw new Error(`${name}: expected a WKT POLYGON, got ${wkt === null ? 'null' : typeof wkt}`);
  const polygons = readWkt(wkt, name);
  if (polygons.flat().some(({ length }) => length < 6))
    throw new Error(`${name}: expected rings of three points or more, got ${shortened(wkt)}`);
  return polygons;
}

function readWkt(wkt: string, name: string): Polygon[] {
  try {
    return readWktPolygons(wkt);
  } catch (error) {
    // a text that is shown whole explains itself
    const why = wkt.length > shown ? ` (${(error as Error).message})` : '';
    throw new Error(`${name}: expected a WKT POLYGON, got ${shortened(wkt)}${why}`, {
      cause: error,
    });
  }
}

/** On one line, cut. */
function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, shown).replace(/\s+/g, ' ');
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
