/** Where a training stands. */
export interface Progress {
  /** Steps done. */
  readonly step: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** Mean since the report before. */
  readonly loss: number;
  readonly secondsLeft: number;
}
