import { damages } from '../labels/label.ts';
import type { XbdPair } from './index-file.ts';

/** The pairs of one disaster in one split, counted. */
export interface EventCounts {
  readonly split: string;
  readonly disaster: string;
  readonly type: string;
  pairs: number;
  /** Pairs with a building of minor damage or worse. */
  damaged: number;
  /** Numbers of buildings, in the order of `damages`. */
  readonly buildings: number[];
}

/** In the order in which events come first. */
export function countByEvent(pairs: readonly XbdPair[]): EventCounts[] {
  const events = new Map<string, EventCounts>();
  for (const { split, disaster, type, buildings } of pairs) {
    const key = `${split} ${disaster}`;
    const none = damages.map(() => 0);
    const event = events.get(key) ?? {
      split,
      disaster,
      type,
      pairs: 0,
      damaged: 0,
      buildings: none,
    };
    events.set(key, event);
    event.pairs++;
    if (buildings['minor-damage'] + buildings['major-damage'] + buildings.destroyed > 0)
      event.damaged++;
    for (const [i, damage] of damages.entries())
      event.buildings[i] = (event.buildings[i] as number) + buildings[damage];
  }
  return [...events.values()];
}
