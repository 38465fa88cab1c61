import { readFileSync } from 'node:fs';
import { onOneLine } from '@noisy-pairs/command-line';

/** The line of a program's last output that says what went wrong. */
export function firstError(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const written = lines.filter((line) => line !== '');
  return onOneLine(written.find((line) => /error/i.test(line)) ?? written.at(-1) ?? 'no output');
}

/** The line of a log's end that says what went wrong. */
export function firstErrorOfLog(file: string): string {
  try {
    return firstError(readFileSync(file, 'utf8').slice(-4000));
  } catch {
    return 'no log';
  }
}
