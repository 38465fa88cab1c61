// Reads damaged files in a process of its own, which may die or hang: each attempt has 10 seconds.
import { fork } from 'node:child_process';

const program = new URL('read-files.mjs', import.meta.url);
export const limitMs = 10_000;

/** @returns `read(request)`: { value, notes } or { error } of the reader; { crash } or { hang } */
export function openAttempts(reader) {
  let child;
  let output = '';
  const start = () => {
    child = fork(program, [reader], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (output = (output + data).slice(-2000)));
    return new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () =>
        reject(new Error(`${reader}: its process did not start: ${output}`)),
      );
    });
  };
  return {
    async read(request) {
      if (!child) await start();
      const current = child;
      return new Promise((resolve) => {
        const settle = (answer) => {
          clearTimeout(timer);
          current.removeAllListeners('message').removeAllListeners('exit');
          if (!answer.hang && !answer.crash) return resolve(answer);
          current.kill('SIGKILL');
          child = undefined;
          resolve(answer);
        };
        const timer = setTimeout(() => settle({ hang: `longer than ${limitMs} ms` }), limitMs);
        current.once('message', settle);
        current.once('exit', (code, signal) =>
          settle({ crash: `exit code ${code}, ${signal ?? 'no signal'}: ${output}` }),
        );
        current.send(request);
      });
    },
    close() {
      child?.kill('SIGKILL');
    },
  };
}
