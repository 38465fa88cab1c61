// node tools/findings/picture.mjs SWEEP_FOLDER OUT.png: samples of a sweep's data above its plot,
// as one picture for a README. The report must be written, and packages built.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { kindOf } from '../../packages/experiments/dist/data/data-config.js';

const [folder, out] = process.argv.slice(2);
if (!out) throw new Error('picture.mjs: expected SWEEP_FOLDER OUT.png');
const { panels } = JSON.parse(readFileSync(join(folder, 'sweep.json'), 'utf8'));
const plot = readFileSync(join(folder, 'plot.svg'));
const [{ base, imageNoises }] = panels;
const rows = await kindOf(base.data).pictures(base.data, imageNoises, 2);

const [edge, gap, head] = [192, 8, 22];
const columns = Math.max(...rows.map((row) => row.length));
const { width: plotWidth = 0, height: plotHeight = 0 } = await sharp(plot).metadata();
const width = Math.max(plotWidth, columns * (edge + gap) + gap);
const top = head + rows.length * (edge + gap) + 2 * gap;

const text = (words, x) =>
  `<text x="${x}" y="15" font-family="sans-serif" font-size="15" text-anchor="middle"
    fill="#333">${words}</text>`;
const [first = []] = rows;
const captions = first.map(({ caption }, i) => text(caption, gap + i * (edge + gap) + edge / 2));
const pictures = await Promise.all(
  rows.flatMap((row, j) =>
    row.map(async ({ uri }, i) => ({
      input: await sharp(Buffer.from(uri.split(',')[1], 'base64'))
        .resize(edge, edge, { kernel: 'nearest' })
        .toBuffer(),
      left: gap + i * (edge + gap),
      top: head + j * (edge + gap),
    })),
  ),
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${head}">
  ${captions.join('')}</svg>`;
await sharp({ create: { width, height: top + plotHeight, channels: 3, background: '#fff' } })
  .composite([
    { input: Buffer.from(svg), left: 0, top: 0 },
    ...pictures,
    { input: plot, left: Math.round((width - plotWidth) / 2), top },
  ])
  .png({ palette: true })
  .toFile(out);
