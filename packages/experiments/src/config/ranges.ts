import { z } from 'zod';

/** Ranges of numbers that configurations are made of. */
export const share = z.number().min(0).max(1);
export const count = z.int().min(1);
export const positive = z.number().positive();
export const interval = z.tuple([z.number(), z.number()]);
/** A number a colour channel: red, green, blue. */
export const triple = z.tuple([z.number(), z.number(), z.number()]);
