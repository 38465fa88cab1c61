import { hexColour, okabeIto } from '@noisy-pairs/imaging';
import { plotColours } from '@noisy-pairs/pages';
import type { Meaning } from '../../data/embedding-images.ts';

/** A colour and what it stands for. */
interface LegendEntry {
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

/** Okabe and Ito's colours and others that are told apart from them, for up to ten names. */
const classColours = [...okabeIto.map(hexColour), '#999999', '#8b5a2b'];
/** Colours of noise, so that its plot is not taken for one of classes. */
const noiseColours = plotColours.slice(2, 4);
/** From the second class's colour to the first's. */
const scaleColours = [plotColours[1], '#a6a6a6', plotColours[0]] as readonly string[];
const unlabelledColour = '#c4c4c4';
/**
 * Share of the values at either end, beyond which a scale's colours no longer change: a few
 * extremes do not make the others all alike.
 */
const clipped = 0.05;

/**
 * @param values [N] as `meaning` says, or NaN
 * @param noise whether they are of noise, and not of classes
 * @param unlabelled what a point without a label is
 */
export function colouring(
  values: Float32Array,
  meaning: Meaning,
  noise: boolean,
  unlabelled = 'not known',
): Colouring {
  const someUnlabelled = values.some((value) => Number.isNaN(value));
  const none = someUnlabelled ? [{ colour: unlabelledColour, name: unlabelled }] : [];
  if (meaning.type === 'share') return { ...scaleColouring(values), names: none };
  const palette = noise ? noiseColours : classColours;
  // NaN % n is NaN
  const colourOf = (value: number) => palette[value % palette.length] ?? unlabelledColour;
  const entries = meaning.names.map((name, i) => ({ colour: colourOf(i), name }));
  return { colours: Array.from(values, colourOf), names: [...entries, ...none] };
}

/** @param values [N] 0..1, or NaN */
function scaleColouring(values: Float32Array): Required<Omit<Colouring, 'names'>> {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [quantile(clipped), quantile(1 - clipped)];
  const position = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  const colourOf = (value: number) =>
    Number.isNaN(value) ? unlabelledColour : between(Math.min(1, Math.max(0, position(value))));
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  const scale = {
    colours: scaleColours,
    low: `${percent(low)} or less`,
    high: `${percent(high)} or more`,
  };
  return { colours: Array.from(values, colourOf), scale };
}

/** The scale's colour at t in 0..1. */
function between(t: number): string {
  const at = t * (scaleColours.length - 1);
  const index = Math.min(scaleColours.length - 2, Math.floor(at));
  const [from, to] = [channels(scaleColours[index]), channels(scaleColours[index + 1])];
  const mixed = from.map((value, i) => {
    const mean = Math.round(value + (at - index) * ((to[i] as number) - value));
    return mean.toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

/** Red, green and blue, 0..255, of a colour as #rrggbb. */
function channels(hex = '#000000'): number[] {
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
}
