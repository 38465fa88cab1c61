/** The damage scale of xBD, as masks hold it: 1 no damage .. 4 destroyed. */
export const xview2Classes = ['no-damage', 'minor-damage', 'major-damage', 'destroyed'] as const;

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

interface Counts {
  right: number;
  tooMany: number;
  missed: number;
}

/** F1 as the official scorer has it: 0 where nothing is right. */
const f1Of = ({ right, tooMany, missed }: Counts) =>
  right === 0 ? 0 : (2 * right) / (2 * right + tooMany + missed);
/** Of the values F1 + 1e-6. */
const harmonicMean = (values: readonly number[]) =>
  values.length / values.reduce((sum, value) => sum + 1 / (value + 1e-6), 0);

/**
 * The xView2 challenge's score (DIUx-xView/xView2_scoring, xview2_metrics.py): pixels of all images
 * pooled, then F1.
 */
export function xview2Score(): XView2Score {
  const buildings: Counts = { right: 0, tooMany: 0, missed: 0 };
  const classes = xview2Classes.map((): Counts & { pixels: number } => ({
    right: 0,
    tooMany: 0,
    missed: 0,
    pixels: 0,
  }));
  return {
    add(localisation, damage, localisationTarget, damageTarget) {
      for (const [name, mask] of Object.entries({
        localisation,
        damage,
        localisationTarget,
        damageTarget,
      })) {
        if (mask.length !== localisation.length)
          throw new Error(
            `xView2 score: expected masks of ${localisation.length} pixels, got ${mask.length} ` +
              `in ${name}`,
          );
        const wrong = mask.findIndex((value) => value > 4);
        if (wrong >= 0)
          throw new Error(
            `xView2 score: expected values 0..4, got ${mask[wrong] ?? NaN} at pixel ${wrong} ` +
              `of ${name}`,
          );
      }
      for (let i = 0; i < localisation.length; i++) {
        const building = (localisation[i] as number) > 0;
        const wasBuilding = (localisationTarget[i] as number) > 0;
        if (building && wasBuilding) buildings.right++;
        else if (building) buildings.tooMany++;
        else if (wasBuilding) buildings.missed++;

        const truth = damageTarget[i] as number;
        if (truth === 0) continue; // damage outside targets is localisation's business
        const predicted = building ? (damage[i] as number) : 0;
        const own = classes[truth - 1] as Counts & { pixels: number };
        own.pixels++;
        if (predicted === truth) own.right++;
        else {
          own.missed++;
          if (predicted > 0) (classes[predicted - 1] as Counts).tooMany++;
        }
      }
    },
    result() {
      const localisation = f1Of(buildings);
      const scored = classes.map((counts, i) => ({
        name: xview2Classes[i] as (typeof xview2Classes)[number],
        f1: f1Of(counts),
        pixels: counts.pixels,
      }));
      const damage = harmonicMean(scored.map(({ f1 }) => f1));
      const present = scored.filter(({ pixels }) => pixels > 0);
      return {
        score: 0.3 * localisation + 0.7 * damage,
        localisation,
        damage,
        classes: scored,
        absent: scored.filter(({ pixels }) => pixels === 0).map(({ name }) => name),
        scoreOfPresent:
          0.3 * localisation +
          0.7 * (present.length === 0 ? 0 : harmonicMean(present.map(({ f1 }) => f1))),
      };
    },
  };
}
