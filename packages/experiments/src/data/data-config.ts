import { z } from 'zod';
import type { DataKind } from './kind.ts';
import * as kinds from './kinds.ts';

type Kinds = typeof kinds;

/** `data` of a configuration: of one of the kinds. */
export type DataConfig = z.infer<Kinds[keyof Kinds]['schema']>;

/** Every kind of data, by name. */
export const dataKinds: readonly DataKind<DataConfig>[] = Object.values(kinds);

/** Schema of `data`. A kind's schema is a strict object, which its type does not say. */
export const dataConfig = z.discriminatedUnion(
  'kind',
  dataKinds.map(({ schema }) => schema) as unknown as [z.ZodObject],
) as unknown as z.ZodType<DataConfig>;

/** The kind by its name, as summaries have it. */
export function kindNamed(name: DataConfig['kind']): DataKind<DataConfig> {
  const found = dataKinds.find((kind) => kind.name === name);
  if (!found) {
    const known = dataKinds.map((kind) => kind.name).join(', ');
    throw new Error(`data: expected one of ${known}, got ${name}`);
  }
  return found;
}

/** The kind that a configuration is of. */
export const kindOf = ({ kind }: DataConfig): DataKind<DataConfig> => kindNamed(kind);
