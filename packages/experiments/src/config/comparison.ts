import type { Setting } from './setting.ts';

/** Two settings of a panel: the first's score less the second's, by seed. */
export interface Difference {
  readonly setting: Setting;
  readonly against: Setting;
}

/** A difference that a panel is run for. */
export interface Comparison extends Difference {
  /** The question that it helps to answer; those of one question stand together. */
  readonly question: string;
  /** What is compared with what, in words; absent where the settings' names say it. */
  readonly title?: string;
  /** A control, whose difference is taken off: the whole is a difference of differences. */
  readonly less?: Difference;
}
