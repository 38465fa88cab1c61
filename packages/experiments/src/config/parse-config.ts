import { brief } from '@noisy-pairs/command-line';
import type { z } from 'zod';

/**
 * A value that a schema allows.
 * @param what whose value it is, for the message
 * @throws one line: WHAT KEY: expected ..., got ...; without KEY where it is all of the value
 */
export function parseConfig<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    throw new Error(`${what}: expected only known keys, got ${brief(key)}`);
  }
  const key = issue?.path.join('.') ?? '';
  const where = key === '' ? what : `${what} ${key}`;
  const input = issue?.input;
  const got = input === undefined ? 'undefined' : brief(JSON.stringify(input));
  throw new Error(`${where}: ${issue?.message ?? 'invalid'}, got ${got}`);
}
