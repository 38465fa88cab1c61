/** The learning rate of every step of a run. */
export interface Schedule {
  /** After the warm-up. */
  readonly learningRate: number;
  /** Steps of linear growth from learningRate / warmupSteps. */
  readonly warmupSteps: number;
  /** What the cosine ends at. */
  readonly finalLearningRate: number;
  /** Of the whole run. */
  readonly steps: number;
}

/**
 * Linear warm-up, then half a cosine down to the final rate (Loshchilov and Hutter 2017, one cycle), by step.
 * @param step 0 .. steps - 1; `steps` itself gives the final rate
 */
export function learningRateAt(step: number, { learningRate, warmupSteps, finalLearningRate, steps }: Schedule): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const share = (step - warmupSteps) / (steps - warmupSteps);
  return finalLearningRate + ((learningRate - finalLearningRate) * (1 + Math.cos(Math.PI * share))) / 2;
}
