// Weights to begin with: names of other programs, and values that are no numbers.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandGrid, recipe, runsOf } from '@noisy-pairs/experiments';
import { Random } from '@noisy-pairs/imaging';
import { exportEncoder, resnet } from '@noisy-pairs/models';
import { told } from './told.mjs';

export async function* weightCases(folder, scratch) {
  const init = (path) =>
    told('experiments/dist/commands/sweep', [
      ...['--recipe', 'smoke', '--out', join(scratch, 'weights'), '--dry-run'],
      ...['--init', path],
    ]);
  const given = (name) => join(folder, 'moco_names', `${name}.safetensors`);
  yield {
    name: 'moco_names, prefixed',
    expected: /missing: 20: (\S+, ){3}\.\.\.; unexpected: .*names begin with module\.encoder_q\./,
    got: init(given('one_stage_prefixed')),
  };
  yield {
    name: 'moco_names, v2 head',
    expected: /^(?!.*unexpected)(?!.*fc\.[02]).*wrong shape: 20: /,
    got: init(given('one_stage_v2_head')),
  };

  const whole = join(scratch, 'encoder.safetensors');
  const encoder = resnet(runsOf(expandGrid(recipe('smoke')))[0].config.encoder);
  await exportEncoder(whole, encoder, encoder.init(Random.from(1)));
  const changed = (name, change) => {
    const path = join(scratch, `${name}.safetensors`);
    writeFileSync(path, rewritten(readFileSync(whole), change));
    return path;
  };
  yield { name: '--init of our own', expected: /^(?!.*expected)/, got: init(whole) };
  const heads = { 'fc.weight': [10, 8], 'fc.0.weight': [8, 8], 'fc.2.bias': [4] };
  const more = Object.entries(heads).map(([name, shape]) => [name, zeros(shape)]);
  yield {
    name: '--init with heads fc, fc.0, fc.2',
    expected: /^(?!.*expected)/,
    got: init(changed('heads', (entries) => [...entries, ...more])),
  };
  for (const prefix of ['module.', 'backbone.', 'encoder.module.', 'base_encoder.'])
    yield {
      name: `--init, names of ${prefix}`,
      expected: new RegExp(
        `^(?=.{0,700}$).*missing: .*names begin with ${prefix.replaceAll('.', '\\.')}`,
      ),
      got: init(changed(`prefix-${prefix}`, (entries) => entries.map(renamed(prefix)))),
    };
  for (const value of [NaN, Infinity, -Infinity])
    for (const dtype of ['F32', 'F16', 'BF16'])
      yield {
        name: `--init with ${value} of ${dtype}`,
        expected: new RegExp(`expected \\S+ to have finite values, got ${value}`),
        got: init(changed(`${value}-${dtype}`, (entries) => poisoned(entries, dtype, value))),
      };
}

const zeros = (shape) => ({
  dtype: 'F32',
  shape,
  data: Buffer.alloc(4 * shape.reduce((product, side) => product * side, 1)),
});
const renamed =
  (prefix) =>
  ([name, entry]) => [prefix + name, entry];

/** Bits of zero and of what is no number, and bytes a value. */
const formats = {
  F32: { NaN: 0x7fc00000, Infinity: 0x7f800000, '-Infinity': 0xff800000, bytes: 4 },
  F16: { NaN: 0x7e00, Infinity: 0x7c00, '-Infinity': 0xfc00, bytes: 2 },
  BF16: { NaN: 0x7fc0, Infinity: 0x7f80, '-Infinity': 0xff80, bytes: 2 },
};

/** All floats of a type, zero but for one in the last of them. */
function poisoned(entries, dtype, value) {
  const format = formats[dtype];
  const floats = entries.filter(([, entry]) => entry.dtype === 'F32');
  const others = entries.filter(([, entry]) => entry.dtype !== 'F32');
  const all = floats.map(([name, { shape, data }]) => [
    name,
    { dtype, shape, data: Buffer.alloc((data.length / 4) * format.bytes) },
  ]);
  const { data } = all.at(-1)[1];
  if (format.bytes === 4) data.writeUInt32LE(format[value], data.length - 4);
  else data.writeUInt16LE(format[value], data.length - 2);
  return [...all, ...others];
}

/** The bytes of a .safetensors file with other entries. */
function rewritten(bytes, change) {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__, ...header } = JSON.parse(bytes.subarray(8, start).toString());
  const entries = Object.entries(header).map(([name, { dtype, shape, data_offsets: range }]) => [
    name,
    { dtype, shape, data: bytes.subarray(start + range[0], start + range[1]) },
  ]);
  let end = 0;
  const changed = change(entries).map(([name, { dtype, shape, data }]) => {
    end += data.length;
    return [name, { dtype, shape, data_offsets: [end - data.length, end] }, data];
  });
  const text = JSON.stringify({
    __metadata__,
    ...Object.fromEntries(changed.map(([name, entry]) => [name, entry])),
  });
  const head = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...changed.map(([, , data]) => data)]);
}
