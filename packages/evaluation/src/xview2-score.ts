/** The damage scale of xBD, as masks hold it: 1 no damage .. 4 destroyed. */
const xview2Classes = ['no-damage', 'minor-damage', 'major-damage', 'destroyed'] as const;

export interface XView2Result {
  /** 0.3 localisation + 0.7 damage, 0..1. */
  readonly score: number;
  /** F1 of building against background. */
  readonly localisation: number;
  /**
   * Harmonic mean of the classes' F1, each with 1e-6 added. About 4e-6 as soon as one class is
   * never right: see `absent`.
   */
  readonly damage: number;
  readonly classes: readonly {
    readonly name: (typeof xview2Classes)[number];
    readonly f1: number;
    /** Pixels of the class in the targets. */
    readonly pixels: number;
  }[];
  /**
   * Classes that no target holds. They count as F1 0 in the official score, which says nothing
   * about the predictions then.
   */
  readonly absent: readonly string[];
  /**
   * The same with the harmonic mean over the classes that targets hold; equal to `score` where none
   * is absent. Not the official score.
   */
  readonly scoreOfPresent: number;
}

/** Counts of pixels, added up image by image. */
export interface XView2Score {
  /**
   * @param localisation predicted buildings: above 0 is building; values 0..4
   * @param damage predicted damage 0..4; counts only where a building was predicted
   * @param localisationTarget above 0 is building
   * @param damageTarget 0..4; damage is scored where it is above 0
   * @throws if lengths differ or a value is above 4
   */
  add(
    localisation: Uint8Array,
    damage: Uint8Array,
    localisationTarget: Uint8Array,
    damageTarget: Uint8Array,
  ): void;
  result(): XView2Result;
}

/** Pixels of one class: predicted rightly, predicted wrongly, and not predicted. */
interface Counts {
  right: number;
  tooMany: number;
  missed: number;
}

const noCounts = (): Counts => ({ right: 0, tooMany: 0, missed: 0 });

/** F1 as the official scorer has it: 0 where nothing is right. */
function f1Of({ right, tooMany, missed }: Counts): number {
  return right === 0 ? 0 : (2 * right) / (2 * right + tooMany + missed);
}

/** Harmonic mean of the values, each with 1e-6 added as in the official scorer. */
function harmonicMean(values: readonly number[]): number {
  return values.length / values.reduce((sum, value) => sum + 1 / (value + 1e-6), 0);
}

/**
 * The xView2 challenge's score (DIUx-xView/xView2_scoring, xview2_metrics.py): pixels of all images
 * pooled, then F1.
 */
export function xview2Score(): XView2Score {
  const buildings = noCounts();
  const classes = xview2Classes.map(noCounts);
  return {
    add(localisation, damage, localisationTarget, damageTarget) {
      checkMasks({ localisation, damage, localisationTarget, damageTarget });
      for (let i = 0; i < localisation.length; i++) {
        const building = (localisation[i] as number) > 0;
        countBuilding(buildings, building, (localisationTarget[i] as number) > 0);
        countDamage(classes, building ? (damage[i] as number) : 0, damageTarget[i] as number);
      }
    },
    result: () => resultOf(buildings, classes),
  };
}

function checkMasks(masks: Readonly<Record<string, Uint8Array>>): void {
  const length = masks['localisation']?.length ?? 0;
  for (const [name, mask] of Object.entries(masks)) {
    if (mask.length !== length)
      throw new Error(
        `xView2 score: expected masks of ${length} pixels, got ${mask.length} in ${name}`,
      );
    const wrong = mask.findIndex((value) => value > 4);
    if (wrong >= 0)
      throw new Error(
        `xView2 score: expected values 0..4, got ${mask[wrong] ?? NaN} at pixel ${wrong} ` +
          `of ${name}`,
      );
  }
}

function countBuilding(counts: Counts, predicted: boolean, truth: boolean): void {
  if (predicted && truth) counts.right++;
  else if (predicted) counts.tooMany++;
  else if (truth) counts.missed++;
}

/** @param predicted 0 where no building was predicted */
function countDamage(classes: readonly Counts[], predicted: number, truth: number): void {
  if (truth === 0) return; // damage outside targets is localisation's business
  const own = classes[truth - 1] as Counts;
  if (predicted === truth) {
    own.right++;
    return;
  }
  own.missed++;
  if (predicted > 0) (classes[predicted - 1] as Counts).tooMany++;
}

function resultOf(buildings: Counts, counts: readonly Counts[]): XView2Result {
  const localisation = f1Of(buildings);
  const classes = xview2Classes.map((name, i) => {
    const own = counts[i] as Counts;
    return { name, f1: f1Of(own), pixels: own.right + own.missed };
  });
  const damage = harmonicMean(classes.map(({ f1 }) => f1));
  const present = classes.filter(({ pixels }) => pixels > 0).map(({ f1 }) => f1);
  const damageOfPresent = present.length === 0 ? 0 : harmonicMean(present);
  return {
    score: 0.3 * localisation + 0.7 * damage,
    localisation,
    damage,
    classes,
    absent: classes.filter(({ pixels }) => pixels === 0).map(({ name }) => name),
    scoreOfPresent: 0.3 * localisation + 0.7 * damageOfPresent,
  };
}
