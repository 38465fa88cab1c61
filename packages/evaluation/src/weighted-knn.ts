import { nearest } from './nearest.ts';
import type { Products } from './products.ts';
import { unitRows } from './unit-rows.ts';

/** Feature vectors with their classes. */
export interface LabelledFeatures {
  /** [N, dimensions] */
  readonly features: Float32Array;
  readonly dimensions: number;
  /** [N] class ids */
  readonly labels: Uint8Array;
}

export interface KnnSettings {
  /** Neighbours that vote. */
  readonly k: number;
  /** T of a vote's weight exp(s / T), s the cosine similarity. */
  readonly temperature: number;
  readonly classes: number;
  /** How dot products are computed. Default: plain TypeScript. */
  readonly products?: Products;
}

export interface KnnResult {
  /** Share of the queries whose predicted class is theirs, 0..1. */
  readonly accuracy: number;
  /** [Q] predicted class ids */
  readonly predictions: Uint8Array;
  /** [Q, classes] sums of the votes' weights */
  readonly scores: Float64Array;
  /** [Q, k] rows of the bank, the most similar first */
  readonly neighbours: Int32Array;
}

/**
 * Weighted k nearest neighbours (Wu et al. 2018, section 3.4; MoCo's CIFAR notebook, cell 13: k =
 * 200, T = 0.1): the k most similar of the bank vote for their class with weight exp(s / T). Of
 * equally similar ones the lower row counts, of equal scores the lower class.
 * @throws if there are no queries, dimensions differ, labels are not as many as rows or not in
 *   0..classes-1, k is above the bank's size, or T is too low for exp(1 / T)
 */
export function weightedKnn(
  bank: LabelledFeatures,
  queries: LabelledFeatures,
  settings: KnnSettings,
): KnnResult {
  const { k, temperature, classes, products } = settings;
  checkKnn(settings, bank.labels.length);
  if (bank.dimensions !== queries.dimensions)
    throw new Error(
      `queries: expected ${bank.dimensions} dimensions as in the bank, got ${queries.dimensions}`,
    );
  const bankRows = unitRows(bank.features, bank.dimensions);
  const queryRows = unitRows(queries.features, queries.dimensions);
  checkLabels('bank', bank, classes);
  checkLabels('queries', queries, classes);

  const { indices, similarities } = nearest(bankRows, queryRows, bank.dimensions, k, products);
  const count = queries.labels.length;
  const scores = new Float64Array(count * classes);
  const predictions = new Uint8Array(count);
  let right = 0;
  for (let query = 0; query < count; query++) {
    const row = scores.subarray(query * classes, (query + 1) * classes);
    for (let i = query * k; i < (query + 1) * k; i++) {
      const label = bank.labels[indices[i] as number] as number;
      row[label] = (row[label] as number) + Math.exp((similarities[i] as number) / temperature);
    }
    const predicted = row.indexOf(Math.max(...row));
    predictions[query] = predicted;
    if (predicted === queries.labels[query]) right++;
  }
  return { accuracy: right / count, predictions, scores, neighbours: indices };
}

/**
 * Refuses settings that weightedKnn would refuse, before a bank of that size has been made.
 * @throws if k is not in 1..bankSize, or another setting is out of range
 */
export function checkKnn({ k, temperature, classes }: KnnSettings, bankSize: number): void {
  if (!Number.isInteger(classes) || classes < 1 || classes > 255)
    throw new Error(`classes: expected a whole number in 1..255, got ${classes}`);
  if (!(temperature > 0 && Number.isFinite(k * Math.exp(1 / temperature))))
    throw new Error(
      'temperature: expected a number above 0 for which exp(1 / temperature) is finite, got ' +
        `${temperature}`,
    );
  if (!Number.isInteger(k) || k < 1 || k > bankSize)
    throw new Error(`k: expected a whole number in 1..${bankSize}, the size of the bank, got ${k}`);
}

function checkLabels(
  what: string,
  { features, dimensions, labels }: LabelledFeatures,
  classes: number,
): void {
  const rows = features.length / dimensions;
  if (rows === 0) throw new Error(`${what}: expected one row or more, got none`);
  if (labels.length !== rows)
    throw new Error(`${what}: expected ${rows} labels, one a row, got ${labels.length}`);
  const bad = labels.findIndex((label) => label >= classes);
  if (bad >= 0)
    throw new Error(
      `${what}: expected labels below ${classes}, got ${labels[bad] ?? NaN} in row ${bad}`,
    );
}
