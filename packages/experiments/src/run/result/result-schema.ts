import { z } from 'zod';

// result.json as it is read back. Fields that a later version adds pass; those that are read are
// checked.

/** JSON has null for a number that is not finite, and for a class that is absent. */
const measure = z.number().nullable();
const summary = z.looseObject({
  steps: z.number(),
  finalLoss: measure,
  chanceLoss: measure,
  randomLoss: measure,
  featureStd: measure,
  learned: z.boolean().nullable(),
  seconds: z.number(),
});
const head = {
  mode: z.string(),
  testImages: z.number(),
  learningRate: z.number(),
  steps: z.number(),
  finalLoss: measure,
  encoderHash: z.string(),
  seconds: z.number(),
};
const segmentation = z.looseObject({
  ...head,
  meanIou: measure,
  pixelAccuracy: measure,
  classes: z.array(z.looseObject({ name: z.string(), iou: measure })),
});
const classification = z.looseObject({
  ...head,
  accuracy: measure,
  knnAccuracy: measure,
  classes: z.array(z.looseObject({ name: z.string(), accuracy: measure })),
});
const xview2 = z.looseObject({
  score: measure,
  localisation: measure,
  damage: measure,
  scoreOfPresent: measure,
  absent: z.array(z.string()),
  classes: z.array(z.looseObject({ name: z.string(), f1: measure })),
});
const file = z.looseObject({ bytes: z.int(), sha256: z.string() });

export const resultSchema = z.looseObject({
  configHash: z.string(),
  pretraining: summary.optional(),
  segmentation: segmentation.optional(),
  classification: classification.optional(),
  damage: z.looseObject({ segmentation, xview2 }).optional(),
  falsePairs: measure.optional(),
  counts: z.record(z.string(), measure).optional(),
  seconds: z.number(),
  environment: z.looseObject({
    node: z.string(),
    tensorflow: z.string(),
    cpu: z.string(),
    threads: z.number(),
    steps: z.string(),
    precision: z.string(),
  }),
  files: z.record(z.string(), file).optional(),
  resultHash: z.string().optional(),
});
