/** @throws `PATH: FAULT: NAME, NAME; FAULT: NAME`, unless there are no names at all */
export function refuse(path: string, faults: Readonly<Record<string, readonly string[]>>): void {
  const found = Object.entries(faults)
    .filter(([, names]) => names.length > 0)
    .map(([fault, names]) => `${fault}: ${names.join(', ')}`);
  if (found.length > 0) throw new Error(`${path}: ${found.join('; ')}`);
}

/** An entry of another shape, as `refuse` names it. */
export const mismatch = (name: string, expected: readonly number[], got: readonly number[]) =>
  `${name} expected [${expected.join(', ')}], got [${got.join(', ')}]`;
