import { z } from 'zod';

/**
 * The schema of a field of a value, by the names that lead to it; undefined if there is none.
 * Where a value is of one of several forms, it is the form that tells.
 */
export function fieldAt(
  schema: z.ZodType,
  value: unknown,
  path: readonly string[],
): z.ZodType | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return schema;
  const field = fieldsOf(schema, value).get(name);
  return field && fieldAt(field, valueAt(value, [name]), rest);
}

/** Every field of a value and of its parts, by the names that lead to it. */
export function allFields(schema: z.ZodType, value: unknown): string[][] {
  return [...fieldsOf(schema, value)].flatMap(([name, field]) => {
    const inner = allFields(field, valueAt(value, [name]));
    return [[name], ...inner.map((path) => [name, ...path])];
  });
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  return isRecord(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

/** The value with another one in the place of a part of it. */
export function withValueAt(value: unknown, path: readonly string[], part: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return part;
  const fields = isRecord(value) ? value : {};
  return { ...fields, [name]: withValueAt(fields[name], rest, part) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A form that a value may have, by its fields. */
type Form = z.ZodObject<Record<string, z.ZodType>>;

function fieldsOf(schema: z.ZodType, value: unknown): Map<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return new Map(Object.entries((schema as Form).shape));
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return fieldsOf(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const names = new Map(
      (schema.options as Form[]).flatMap((form) => {
        const { values } = form.shape[discriminator] as z.ZodLiteral<string>;
        return [...values].map((name) => [name, form]);
      }),
    );
    const form = names.get(String(valueAt(value, [discriminator])));
    const fields = form ? fieldsOf(form, value) : new Map<string, z.ZodType>();
    return fields.set(discriminator, z.literal([...names.keys()]));
  }
  return new Map();
}
