import { z } from 'zod';
import { count, positive, share } from './ranges.ts';

const contrast = {
  dimensions: count,
  hidden: count,
  queueSize: count,
  momentum: share,
  temperature: positive,
};
const dense = {
  ...contrast,
  /** Share of the loss that is MoCo's of whole images. */
  instanceWeight: share,
};
const placed = {
  ...dense,
  /** In diagonals of a position of the feature map. */
  distance: positive,
};

/** RINCE's q and lambda (Chuang et al. 2022), in place of InfoNCE. */
export const robustLoss = z.strictObject({ q: share, lambda: share });
export type RobustLoss = z.infer<typeof robustLoss>;
const robust = robustLoss.nullable();

const moco = z.strictObject({
  name: z.literal('moco'),
  ...contrast,
  /** 0: a head of one layer. */
  hidden: z.int().min(0),
  robust,
});
const denseCl = z.strictObject({ name: z.literal('densecl'), ...dense, robust });
const pixContrast = z.strictObject({ name: z.literal('pixcontrast'), ...placed });
const pixPro = z.strictObject({ name: z.literal('pixpro'), ...placed });
const vader = z.strictObject({
  name: z.literal('vader'),
  ...dense,
  /** Pixels an image that are contrasted in a step. */
  points: count,
  robust,
});

/** Sizes for a trial of seconds. */
const small = { dimensions: 16, hidden: 16, queueSize: 64 };

/**
 * Methods that learn from pairs, a row each: their title as their authors write it, the fields of
 * their configuration (see their files in @noisy-pairs/models), and what makes them small.
 */
const methods = {
  moco: { title: 'MoCo v2', schema: moco, small },
  densecl: { title: 'DenseCL', schema: denseCl, small },
  pixcontrast: { title: 'PixContrast', schema: pixContrast, small },
  pixpro: { title: 'PixPro', schema: pixPro, small },
  vader: { title: 'VADeR (our specification)', schema: vader, small: { ...small, points: 4 } },
};

/** `method` of a configuration: of one of the methods, by its name. */
export type MethodConfig = z.infer<(typeof methods)[keyof typeof methods]['schema']>;

const schemas = Object.values(methods).map(({ schema }) => schema);
export const methodConfig: z.ZodType<MethodConfig> = z.discriminatedUnion(
  'name',
  schemas as [(typeof schemas)[number]],
);

export const methodTitle = (name: MethodConfig['name']): string => methods[name].title;

/** A method, small: all that is no size stays. */
export const smallMethod = (config: MethodConfig): MethodConfig => ({
  ...config,
  ...methods[config.name].small,
});

/** Names of methods with InfoNCE, which a robust loss can take the place of. */
export const robustMethods: readonly string[] = Object.entries(methods).flatMap(
  ([name, { schema }]) => ('robust' in schema.shape ? [name] : []),
);
