import { InvalidArgumentError } from 'commander';
import { brief } from './brief.ts';

/** Reads an option's text; throws commander's InvalidArgumentError with both values. */
export type NumberParser = (text: string) => number;

/**
 * A parser of whole numbers in least..most. Decimal digits alone: `1e3`, `0x10`, ` 5` or an empty
 * text is an error.
 */
export function wholeNumber(least: number, most = Infinity): NumberParser {
  return parser(wholeNoun(least, most), /^-?\d+$/, least, Math.min(most, Number.MAX_SAFE_INTEGER));
}

function wholeNoun(least: number, most: number): string {
  if (most !== Infinity) return `a whole number in ${least}..${most}`;
  return least === 1 ? 'a positive whole number' : `a whole number of at least ${least}`;
}

/** A parser of numbers in least..most, decimal digits with or without a point. */
export function decimalNumber(least: number, most: number): NumberParser {
  return parser(`a number in ${least}..${most}`, /^-?(\d+(\.\d*)?|\.\d+)$/, least, most);
}

function parser(expected: string, pattern: RegExp, least: number, most: number): NumberParser {
  return (text) => {
    const value = Number(text);
    if (pattern.test(text) && value >= least && value <= most) return value;
    const got = brief(/^\S+$/.test(text) ? text : JSON.stringify(text));
    throw new InvalidArgumentError(`expected ${expected}, got ${got}.`);
  };
}
