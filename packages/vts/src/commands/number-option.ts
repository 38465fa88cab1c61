import { InvalidArgumentError } from 'commander';

/**
 * Parser of a command-line number in low..high; decimal digits only, so that `1e3`, `0x10` or an
 * empty text is an error.
 */
export function numberOption(
  low: number,
  high: number,
  kind: 'whole' | 'fraction',
): (text: string) => number {
  const pattern = kind === 'whole' ? /^-?\d+$/ : /^-?(\d+(\.\d*)?|\.\d+)$/;
  return (text) => {
    const value = Number(text);
    if (!pattern.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(
        `Expected a ${kind === 'whole' ? 'whole number' : 'number'} in ${low}..${high}, got ` +
          `${JSON.stringify(text)}.`,
      );
    }
    return value;
  };
}
