import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bf16Instructions } from '../compile/recording/precision.ts';

// TensorFlow 2.21's oneDNN corrupts the heap in the weights' gradient of a 1x1 convolution of
// stride 2 with fewer than 16 channels, at some batches and sizes: a process of its own shows it.
const engine = new URL('../../dist/index.js', import.meta.url).href;

/**
 * Computes the gradients of one convolution after another, of 1 to 32 channels, and prints the
 * largest difference from matrix products, in units of a gradient's largest value.
 */
const sweep = [
  `import { conv2d, openProgram, tf, valueAndGradients } from '${engine}';`,
  'const { options, shapes } = JSON.parse(process.argv[1]);',
  'let largest = 0;',
  'for (const [batch, edge, to] of shapes)',
  '  for (let from = 1; from <= 32; from++) {',
  '    const x = tf.randomNormal([batch, edge, edge, from], 0, 1, "float32", from);',
  '    const w = tf.randomNormal([1, 1, from, to], 0, 1, "float32", 40 + from);',
  '    const step = ({ w }, { x }) => {',
  '      const loss = ({ w }) => ({ loss: conv2d(x, w, 2).square().sum(), aux: {} });',
  '      return { outputs: { w: valueAndGradients(loss, { w }).gradients.w } };',
  '    };',
  '    const program = await openProgram({ w }, options);',
  '    const entry = program.compile(step, { x: { shape: x.shape, dtype: "float32" } });',
  '    const { outputs } = await entry.run({ x: x.dataSync() });',
  '    program.close();',
  '    tf.tidy(() => {',
  '      const rows = x.stridedSlice([0, 0, 0, 0], x.shape, [1, 2, 2, 1]).reshape([-1, from]);',
  '      const y = tf.matMul(rows, w.reshape([from, to]));',
  '      const plain = tf.matMul(rows, y.mul(2), true, false);',
  '      const apart = plain.sub(tf.tensor(outputs.w.data, plain.shape)).abs().max();',
  '      largest = Math.max(largest, apart.div(plain.abs().max()).dataSync()[0]);',
  '    });',
  '    tf.dispose([x, w]);',
  '  }',
  'process.stdout.write(String(largest));', // uncoloured
].join('\n');

// 5 x 32 and 4 x 64 died
const shapes = [
  [1, 9, 24],
  [5, 32, 16],
  [4, 64, 16],
];

async function largestDifference(options: object): Promise<number> {
  const given = JSON.stringify({ options, shapes });
  const args = ['--input-type=module', '-e', sweep, given];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

test.each([{ eager: true }, { eager: false }])(
  'gradients of 1x1 convolutions of stride 2 and 1 to 32 channels, %o',
  async (options) => {
    expect(await largestDifference(options)).toBeLessThan(1e-6);
  },
  60_000,
);

// Where the processor has no bfloat16, asking for it is an error instead.
const hasBf16 = bf16Instructions() !== undefined;
test(
  hasBf16 ? 'the same in bfloat16' : 'bfloat16 is refused by this processor',
  async () => {
    const difference = largestDifference({ precision: 'bf16' });
    if (hasBf16) expect(await difference).toBeLessThan(0.03);
    else
      await expect(difference).rejects.toThrow(
        'precision bf16: expected a processor with AMX or AVX512-BF16',
      );
  },
  60_000,
);
