import type { ScoreRow } from '../set/score-set.ts';
import type { Alarm } from './alarm.ts';

/** Share of an image above which it is counted. */
const most = 0.2;
/** Share of the rows above which it is an alarm. */
const alarming = 0.01;

const measures = [
  ['saturated', 'saturated pixels (250 or more in every band): clouds, snow, overexposure?'],
  ['black', 'black pixels (5 or less in every band): borders, missing data?'],
  ['flat', 'cells of 16 px without contrast: water, haze?'],
] as const;

/** How much of the set shows little. Clouds cannot be told from RGB: these are shares, no masks. */
export function exposureAlarms(rows: readonly ScoreRow[]): Alarm[] {
  return measures.map(([name, words]) => {
    const beyond = rows.filter((row) => row[name] > most);
    const worst = beyond.reduce<ScoreRow | undefined>(
      (a, b) => (a && a[name] >= b[name] ? a : b),
      undefined,
    );
    const which = worst ? `; most in ${worst.name} (${(100 * worst[name]).toFixed(0)} %)` : '';
    return {
      name,
      state: beyond.length > alarming * rows.length ? 'alarm' : 'none',
      line: `${beyond.length} of ${rows.length} have more than 20 % ${words}${which}`,
    };
  });
}
