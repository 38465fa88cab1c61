/** The learning rate of every step of a run. */
export interface Schedule {
  /** After the warm-up. */
  readonly learningRate: number;
  /**
   * Steps at learning rate 0 before all else, in which MoCo's queue fills with real keys. Default
   * 0.
   */
  readonly holdSteps?: number;
  /** Steps of linear growth from learningRate / warmupSteps. */
  readonly warmupSteps: number;
  /** The rate at the end of the cosine. */
  readonly finalLearningRate: number;
  /** Length of the whole run. */
  readonly steps: number;
}

/**
 * A hold at 0, linear warm-up, then half a cosine down to the final rate (Loshchilov and Hutter
 * 2017, one cycle), by step.
 * @param step 0 .. steps - 1; `steps` itself gives the final rate
 */
export function learningRateAt(
  step: number,
  { learningRate, holdSteps = 0, warmupSteps, finalLearningRate, steps }: Schedule,
): number {
  if (step < holdSteps) return 0;
  if (step < holdSteps + warmupSteps) return (learningRate * (step - holdSteps + 1)) / warmupSteps;
  const share = (step - holdSteps - warmupSteps) / (steps - holdSteps - warmupSteps);
  return (
    finalLearningRate + ((learningRate - finalLearningRate) * (1 + Math.cos(Math.PI * share))) / 2
  );
}
