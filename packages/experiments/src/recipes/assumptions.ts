import type { SweepConfig } from '../config/sweep-config.ts';

/** Choices of ours where the study says nothing: field, choice, reason. */
export type Assumptions = SweepConfig['assumptions'];

/** The rows of these fields, in their order. */
export const only = (assumptions: Assumptions, ...fields: readonly string[]): Assumptions =>
  assumptions.filter(([field]) => fields.includes(field));

/** All rows but those of a field. */
export const without = (assumptions: Assumptions, unwanted: string): Assumptions =>
  assumptions.filter(([field]) => field !== unwanted);
