// The child of attempts.mjs: reads the files whose paths come as messages, with one reader.
import { createHash } from 'node:crypto';
import { readerOf } from './readers.mjs';

const reader = await readerOf(process.argv[2]);
process.on('message', async ({ path, bytes }) => {
  process.send(await answerOf(path, Buffer.from(bytes, 'base64')));
});
process.send('ready');

/** A value as its digest, and whether the reader's own peer finds the same in these bytes. */
async function answerOf(path, bytes) {
  const notes = [];
  let found;
  try {
    found = await reader.read(path, (note) => notes.push(note));
  } catch (error) {
    return { error: String(error?.message ?? error), notes };
  }
  const value = digest(found);
  if (!reader.peer) return { value, notes };
  try {
    return { value, notes, peer: digest(await reader.peer(bytes, path)) };
  } catch (error) {
    return { value, notes, peer: `refused: ${error.message}` };
  }
}

function digest(value) {
  const hash = createHash('sha256');
  return (
    ArrayBuffer.isView(value) ? hash.update(value) : hash.update(JSON.stringify(value))
  ).digest('hex');
}
