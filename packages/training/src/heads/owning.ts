/** Takes charge of a value until the work is done. @returns the value */
export type Own = <T>(value: T, free: (value: T) => void) => T;

/**
 * Does some work and frees all that it came to own, the latest first, whether it succeeds or fails.
 * @returns the work's result, which must not be owned
 */
export async function owning<T>(work: (own: Own) => Promise<T>): Promise<T> {
  const frees: (() => void)[] = [];
  const own: Own = (value, free) => {
    frees.push(() => {
      free(value);
    });
    return value;
  };
  try {
    return await work(own);
  } finally {
    for (const free of frees.reverse()) free();
  }
}

/** Frees a program, an encoder in one, and whatever else is closed. */
export function close(owned: { close(): void }): void {
  owned.close();
}
