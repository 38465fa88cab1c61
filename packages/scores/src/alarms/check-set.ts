import type { Random } from '@noisy-pairs/imaging';
import { orientationsOf, type Orientations } from '../measures/orientations.ts';
import type { PairCrop, PairSet } from '../set/pair-set.ts';
import type { ScoredSet } from '../set/score-set.ts';
import type { Alarm } from './alarm.ts';
import { duplicateAlarms } from './duplicates.ts';
import { exposureAlarms } from './exposure-alarms.ts';
import { offsetAlarm, offsetOf, type Offset } from './offset.ts';
import { countPartners, partnerAlarm, partnerSample } from './partners.ts';

/** Edge of the part of a pair that is looked at, if it is as large. */
const mostEdge = 256;
const leastEdge = 32;
const mostOffsets = 100;

/** All alarms of a set; reads a part of up to 200 pairs and their neighbours again. */
export async function checkSet(
  set: PairSet,
  { rows, prints }: ScoredSet,
  random: Random,
): Promise<Alarm[]> {
  const edge = Math.min(mostEdge, ...set.pairs.map(({ width, height }) => Math.min(width, height)));
  const [partners, alignment] =
    edge < leastEdge ? tooSmall(edge) : await compare(set, edge, random);
  const others = [...duplicateAlarms(set.pairs, prints), ...exposureAlarms(rows)];
  return [partners, alignment, ...others];
}

const tooSmall = (edge: number): [Alarm, Alarm] => {
  const line = `expected images of ${leastEdge} px or more, got ${edge}`;
  const state = 'undecidable';
  return [
    { name: 'partners', state, line },
    { name: 'alignment', state, line },
  ];
};

async function compare(set: PairSet, edge: number, random: Random): Promise<[Alarm, Alarm]> {
  const sample = partnerSample(set.pairs.length, random.split('partners'));
  const asked = new Set(sample.asked);
  const first = new Map<number, Orientations>();
  const second = new Map<number, Orientations>();
  const offsets: Offset[] = [];
  for (const pair of sample.candidates) {
    const crop = await firstCrop(set, edge, pair);
    if (!crop) continue;
    second.set(pair, orientationsOf(crop.second));
    if (!asked.has(pair)) continue;
    first.set(pair, orientationsOf(crop.first));
    if (offsets.length < mostOffsets) offsets.push(offsetOf(crop.first, crop.second));
  }
  const counts = countPartners(sample, set.pairs, first, second);
  return [partnerAlarm(counts), offsetAlarm(offsets)];
}

/** Undefined if all of the pair was left out, as one that is black is. */
async function firstCrop(set: PairSet, edge: number, pair: number): Promise<PairCrop | undefined> {
  for await (const crop of set.crops(edge, [pair])) return crop;
  return undefined;
}
