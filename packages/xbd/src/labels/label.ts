/** Damage as masks hold it: xBD's scale. */
export const damageValues = {
  'no-damage': 1,
  'minor-damage': 2,
  'major-damage': 3,
  destroyed: 4,
} as const;
/** The damage of a building that nobody could classify. */
const unknownDamage = 'un-classified';
export type Damage = keyof typeof damageValues | typeof unknownDamage;
export const damages: readonly Damage[] = [
  ...(Object.keys(damageValues) as (keyof typeof damageValues)[]),
  unknownDamage,
];

/**
 * Rings of coordinates x0, y0, x1, y1, ...; the first is the outline, others are holes.
 */
export type Polygon = readonly Float64Array[];

/** A building of a label. */
export interface Building {
  readonly uid: string;
  /** undefined in a label of the image before, which tells none. */
  readonly damage: Damage | undefined;
  /** In pixels, x to the right and y down; one, but for a MULTIPOLYGON, none for an EMPTY one. */
  readonly polygons: readonly Polygon[];
}

/** A label's metadata of its image. */
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

/** The buildings of one image. */
export interface Label {
  readonly buildings: readonly Building[];
  /** The same, in the same order, in longitude and latitude; empty in files that lack it. */
  readonly lngLat: readonly Building[];
  /** Missing fields are empty texts or NaN. */
  readonly metadata: LabelMetadata;
}
