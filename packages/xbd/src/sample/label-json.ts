import type { Roof } from './roofs.ts';

type Point = readonly [number, number];

/** A made-up place: all that its labels say besides its roofs. */
export interface Place {
  readonly disaster: string;
  readonly type: string;
  readonly id: string;
  /** Edge in pixels. */
  readonly size: number;
  /** Longitude and latitude of the upper left corner. */
  readonly origin: Point;
  /** Degrees a pixel, east and south. */
  readonly pixel: Point;
}

/** The label's JSON, its keys in xBD's order. */
export function labelJson(roofs: readonly Roof[], phase: 'pre' | 'post', place: Place): string {
  const inside = ([x, y]: Point): Point => [clamp(x, place.size), clamp(y, place.size)];
  const onEarth = ([x, y]: Point): Point => [
    place.origin[0] + x * place.pixel[0],
    place.origin[1] - y * place.pixel[1],
  ];
  const features = (pointOf: (corner: Point) => Point) =>
    roofs.map(({ corners, damage }, i) => ({
      properties: {
        feature_type: 'building',
        ...(phase === 'post' ? { subtype: damage } : {}),
        uid: `00000000-0000-4000-8000-${place.id}${String(i).padStart(4, '0')}`,
      },
      wkt: polygonWkt(corners.map(pointOf)),
    }));
  return JSON.stringify({
    features: {
      lng_lat: features((corner) => onEarth(inside(corner))),
      xy: features(inside),
    },
    metadata: metadataOf(phase, place),
  });
}

const clamp = (value: number, size: number) => Math.min(size, Math.max(0, value));

/** The first point closes the ring. */
function polygonWkt(points: readonly Point[]): string {
  const ring = [...points, points[0] as Point].map(([x, y]) => `${x} ${y}`);
  return `POLYGON ((${ring.join(', ')}))`;
}

function metadataOf(phase: 'pre' | 'post', { disaster, type, id, size }: Place): object {
  return {
    sensor: 'SYNTHETIC',
    provider_asset_type: 'SYNTHETIC',
    gsd: 2,
    capture_date: phase === 'pre' ? '2020-01-01T12:00:00.000Z' : '2020-02-01T12:00:00.000Z',
    off_nadir_angle: 20,
    pan_resolution: 0.5,
    sun_azimuth: 150,
    sun_elevation: 60,
    target_azimuth: 180,
    disaster,
    disaster_type: type,
    catalog_id: 'SYNTHETIC',
    original_width: size,
    original_height: size,
    width: size,
    height: size,
    id: `synthetic-${id}`,
    img_name: `${disaster}_${id}_${phase}_disaster.png`,
  };
}
