/** Waits for a file to be written. @throws `PATH: not written (...)` with the reason, as ENOSPC */
export async function written(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const reason = (error as Error).message.split(', ')[0] ?? '';
    throw new Error(`${path}: not written (${reason})`, { cause: error });
  }
}
