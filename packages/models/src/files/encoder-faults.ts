/**
 * @param hint on all of them
 * @throws `PATH: FAULT: NAME, NAME; FAULT: COUNT: NAME, NAME, NAME, ...; HINT`, unless there are no
 *   names at all
 */
export function refuse(
  path: string,
  faults: Readonly<Record<string, readonly string[]>>,
  hint?: string,
): void {
  const found = Object.entries(faults)
    .filter(([, names]) => names.length > 0)
    .map(([fault, names]) => `${fault}: ${firstOf(names)}`);
  if (found.length > 0)
    throw new Error(`${path}: ${[...found, ...(hint === undefined ? [] : [hint])].join('; ')}`);
}

/** So many names are told; of more, their number is told besides. */
const mostTold = 3;

function firstOf(names: readonly string[]): string {
  const told = names.slice(0, mostTold).join(', ');
  return names.length <= mostTold ? told : `${names.length}: ${told}, ...`;
}

/** An entry of another shape, as `refuse` names it. */
export const mismatch = (name: string, expected: readonly number[], got: readonly number[]) =>
  `${name} expected [${expected.join(', ')}], got [${got.join(', ')}]`;
