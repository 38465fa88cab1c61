import { ignoreLabel } from '@noisy-pairs/pairs';
import type { MaskClass, PixelRules } from '../index/folder-index.ts';
import { colourBase, type MaskValues } from './mask-values.ts';

/** The class whose pixels are not known. */
const ignoreName = 'ignore';

type LabelRules = Pick<PixelRules, 'classes' | 'ignores255'>;

/** Names of the labels of masks of images; two where no classes were given. */
export function labelNames({ classes }: Pick<PixelRules, 'classes'>): string[] {
  if (!classes) return ['background', 'foreground'];
  return [...new Set(namesOf(classes))];
}

/** The values of a mask, each once, ascending. */
export function distinct({ values }: Pick<MaskValues, 'values'>): number[] {
  const found = new Set<number>();
  let last = NaN; // neighbours are mostly equal, and a set is slow
  for (let i = 0; i < values.length; i++)
    if (values[i] !== last) found.add((last = values[i] as number));
  return [...found].sort((a, b) => a - b);
}

/**
 * What changed: 0 no, 1 yes, 255 not known. Of 0 and another value, the other is change; 255 beside
 * 0 and 1 is not known; of classes, the first is no change.
 * @throws `PATH: ...` for other values without classes
 */
export function changeLabels(mask: MaskValues, rules: LabelRules, path: string): Uint8Array {
  const found = distinct(mask);
  const others = found.filter((value) => value !== 0);
  const has255 = others.includes(ignoreLabel);
  const isTriple = others.length === 2 && others[0] === 1 && has255;
  const isTwo = others.length < 2 && (others[0] ?? 0) < colourBase;
  if (isTriple || isTwo) {
    const ignores = isTriple || (rules.ignores255 && !mask.wasCut);
    return label(mask, (value) =>
      value === ignoreLabel && ignores ? ignoreLabel : Number(value !== 0),
    );
  }
  if (!rules.classes) throw new Error(refusal(found, path));
  const classes = classLabels(mask, rules.classes, path);
  return classes.map((id) => (id === ignoreLabel ? id : Number(id > 0)));
}

/**
 * What is in an image, as an index into labelNames, 255 not known.
 * @throws `PATH: ...` for values that are no class, or more than two without classes
 */
export function imageLabels(mask: MaskValues, rules: LabelRules, path: string): Uint8Array {
  return rules.classes ? classLabels(mask, rules.classes, path) : changeLabels(mask, rules, path);
}

function classLabels(mask: MaskValues, classes: readonly MaskClass[], path: string): Uint8Array {
  const names = namesOf(classes);
  const ids = new Map(
    classes.map(({ value, name }) => [
      numberOf(value),
      name === ignoreName ? ignoreLabel : names.indexOf(name),
    ]),
  );
  return label(mask, (value) => {
    const id = ids.get(value) ?? (value === ignoreLabel ? ignoreLabel : undefined);
    if (id !== undefined) return id;
    const known = classes.map((one) => one.value).join(', ');
    throw new Error(`${path}: expected the classes ${known} in a mask, got ${text(value)}`);
  });
}

const namesOf = (classes: readonly MaskClass[]) => [
  ...new Set(classes.map(({ name }) => name).filter((name) => name !== ignoreName)),
];
const numberOf = (value: number | string) =>
  typeof value === 'number' ? value : colourBase + Number.parseInt(value.slice(1), 16);
const text = (value: number) =>
  value < colourBase ? String(value) : `#${(value - colourBase).toString(16).padStart(6, '0')}`;

function label({ values }: MaskValues, of: (value: number) => number): Uint8Array {
  const labels = new Uint8Array(values.length);
  let [last, id] = [NaN, 0]; // neighbours are mostly equal
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value !== last) [last, id] = [value, of(value)];
    labels[i] = id;
  }
  return labels;
}

function refusal(found: readonly number[], path: string): string {
  const some = found.slice(0, 4).map(text).join(', ');
  const more = found.length > 4 ? `, ... (${found.length})` : '';
  return `${path}: expected a mask of 0 and one other value, or --classes, got ${some}${more}`;
}
