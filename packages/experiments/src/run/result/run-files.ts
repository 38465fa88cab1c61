import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openRegularFile } from '@noisy-pairs/imaging';
import { runEncoderFile } from '../run-encoder.ts';

/** Files by name, as they were when their run ended. */
export type RunFiles = Readonly<Record<string, RunFile>>;

interface RunFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** Files that a result's readers take besides it: the log of metrics, if any, and the encoder. */
export async function filesOfRun(folder: string): Promise<RunFiles> {
  const paths = [join(folder, 'metrics.jsonl'), runEncoderFile(folder)];
  const files = paths
    .filter((path) => existsSync(path))
    .map(async (path) => [basename(path), await describeFile(path)] as const);
  return Object.fromEntries(await Promise.all(files));
}

/** A line for each file that is not as it was when the run ended. */
export async function changedFiles(folder: string, files: RunFiles): Promise<string[]> {
  const lines = Object.entries(files).map(async ([name, { bytes, sha256 }]) => {
    const path = join(folder, name);
    const before = `${path}: expected the ${bytes} bytes that its run left`;
    try {
      const now = await describeFile(path);
      if (now.sha256 === sha256) return [];
      const others = now.bytes === bytes ? 'as many others' : `${now.bytes}`;
      return [`${before}, got ${others}: changed since`];
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return [`${before}, got ${code === 'ENOENT' ? 'no such file' : message}: lost since`];
    }
  });
  return (await Promise.all(lines)).flat();
}

async function describeFile(path: string): Promise<RunFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await openRegularFile(path);
  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
