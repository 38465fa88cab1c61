// Ways in which a file is damaged, each a function of a generator and the bytes.

const pick = (random, list) => list[random.int(list.length)];
const at = (random, bytes) => random.int(Math.max(1, bytes.length));

/** Some bits are flipped, in one place or all over. */
function flipBits(random, bytes) {
  const copy = Buffer.from(bytes);
  for (let i = random.int(4); i >= 0; i--) copy[at(random, bytes)] ^= 1 << random.int(8);
  return copy;
}

/** Bytes near the start, where formats have their tables, become others. */
function changeHead(random, bytes) {
  const copy = Buffer.from(bytes);
  const head = Math.min(bytes.length, 400);
  for (let i = random.int(6); i >= 0; i--) copy[random.int(head)] = random.int(256);
  return copy;
}

function zeros(random, bytes) {
  const copy = Buffer.from(bytes);
  const start = at(random, bytes);
  copy.subarray(start, start + 1 + random.int(64)).fill(0);
  return copy;
}

const cut = (random, bytes) => bytes.subarray(0, at(random, bytes));
const empty = () => Buffer.alloc(0);

function insert(random, bytes) {
  const start = at(random, bytes);
  const more = Buffer.from(Array.from({ length: 1 + random.int(8) }, () => random.int(256)));
  return Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start)]);
}

function remove(random, bytes) {
  const start = at(random, bytes);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random.int(8))]);
}

/** A part is there twice. */
function repeat(random, bytes) {
  const start = at(random, bytes);
  const part = bytes.subarray(start, start + 1 + random.int(200));
  return Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(start)]);
}

const words = ['null', '-1', '1e999', '{}', '[]', '""', '"\\u0000"', 'true', '1e8', '0.5', 'NaN'];

/** A number, name or text of JSON becomes another. */
function changeWord(random, bytes) {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/-?\d[\d.e+-]*|"[^"\n]*"|null|true|false/g)];
  if (found.length === 0) return flipBits(random, bytes);
  const word = found[random.int(found.length)];
  const other = random.int(3) === 0 ? found[random.int(found.length)][0] : pick(random, words);
  const end = text.slice(word.index + word[0].length);
  return Buffer.from(text.slice(0, word.index) + other + end, 'latin1');
}

const ofBytes = { flipBits, changeHead, zeros, cut, empty, insert, remove, repeat };
/**
 * Damages a file's bytes.
 * @param random a Random of imaging
 * @returns the name of the way, and the bytes, never those that were
 */
export function mutate(random, bytes, isText) {
  for (;;) {
    // most damage to bytes is no JSON any more, which is soon found
    const change = isText && random.bool() ? { changeWord } : ofBytes;
    const way = pick(random, Object.keys(change));
    const mutated = change[way](random, bytes);
    if (!mutated.equals(bytes)) return { way, bytes: mutated };
  }
}
