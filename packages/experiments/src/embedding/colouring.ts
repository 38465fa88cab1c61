import { COLOURS } from '../report/plot.ts';
import type { Meaning } from '../data/embedding-images.ts';

/** What a colour stands for. */
export interface LegendEntry {
  readonly colour: string;
  readonly name: string;
}

/**
 * The colours of a plot's points, and what they stand for: a few names, or a scale between two
 * colours.
 */
export interface Colouring {
  /** [N] as #rrggbb */
  readonly colours: readonly string[];
  readonly names: readonly LegendEntry[];
  readonly scale?: {
    readonly colours: readonly string[];
    readonly low: string;
    readonly high: string;
  };
}

/** Okabe and Ito's colours and what else is told apart from them, for up to ten names. */
const classColours = [...COLOURS, '#f0e442', '#000000', '#999999', '#8b5a2b'];
/** Of their own, so that a plot of noise is not taken for one of classes. */
const noiseColours = COLOURS.slice(2, 4);
/** From the second class's colour to the first's. */
const scaleColours = [COLOURS[1], '#a6a6a6', COLOURS[0]] as readonly string[];
const unlabelledColour = '#c4c4c4';
/**
 * Of the values, beyond which a scale's colours no longer change: a few extremes do not make the
 * others all alike.
 */
const clipped = 0.05;

/**
 * @param values [N] as `meaning` says, or NaN @param unlabelled what a point without a label is
 */
export function colouring(
  values: Float32Array,
  meaning: Meaning,
  noise: boolean,
  unlabelled = 'not known',
): Colouring {
  const none = values.some((value) => Number.isNaN(value))
    ? [{ colour: unlabelledColour, name: unlabelled }]
    : [];
  if (meaning.type === 'names') {
    const palette = noise ? noiseColours : classColours;
    // NaN % n is NaN
    const colourOf = (value: number) => palette[value % palette.length] ?? unlabelledColour;
    return {
      colours: Array.from(values, colourOf),
      names: [...meaning.names.map((name, i) => ({ colour: colourOf(i), name })), ...none],
    };
  }
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const [low, high] = [clipped, 1 - clipped].map(
    (share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0,
  ) as [number, number];
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  return {
    colours: Array.from(values, (value) =>
      Number.isNaN(value)
        ? unlabelledColour
        : between(Math.min(1, Math.max(0, high > low ? (value - low) / (high - low) : 0.5))),
    ),
    names: none,
    scale: {
      colours: scaleColours,
      low: `${percent(low)} or less`,
      high: `${percent(high)} or more`,
    },
  };
}

/** The scale's colour at t in 0..1. */
function between(t: number): string {
  const at = t * (scaleColours.length - 1),
    index = Math.min(scaleColours.length - 2, Math.floor(at));
  const channels = (hex = '#000000') =>
    [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  const [from, to] = [channels(scaleColours[index]), channels(scaleColours[index + 1])] as [
    number[],
    number[],
  ];
  return `#${from
    .map((value, i) =>
      Math.round(value + (at - index) * ((to[i] as number) - value))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
