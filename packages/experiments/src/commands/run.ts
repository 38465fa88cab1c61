// A run as a process of its own: `node run-process.js CONFIG_FILE OUT [--eager]`, started by the
// sweep, which listens to its messages.
import { readFileSync } from 'node:fs';
import { runConfig } from '../config/run-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { executeRun } from '../run/run.ts';

const [file, out, eager] = process.argv.slice(2);
// The sweep is gone: nobody waits for this run, and its checkpoint is kept.
process.on('disconnect', () => process.exit(1));
try {
  if (file === undefined || out === undefined)
    throw new Error('run: expected CONFIG_FILE and OUT, got fewer arguments');
  const config = parseConfig(runConfig, JSON.parse(readFileSync(file, 'utf8')), file);
  await executeRun(config, out, {
    eager: eager === '--eager',
    onProgress: (progress) => process.send?.(progress),
    onMessage: (line) => {
      console.log(line);
    },
  });
} catch (error) {
  console.error((error as Error).stack ?? String(error));
  process.exitCode = 1;
} finally {
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}
