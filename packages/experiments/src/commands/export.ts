#!/usr/bin/env node
import { callerPath, openCommand, Option, runCommand } from '@noisy-pairs/command-line';
import { torchvisionModel, type EncoderConfig } from '@noisy-pairs/models';
import {
  exportFormats,
  exportRun,
  type ExportedEncoder,
  type ExportOptions,
} from '../run/encoder-export.ts';

const example = 'npx nx run experiments:export -- --run results/vts-moco/runs/clean-seed0';
const command = openCommand(
  'experiments:export',
  "Writes the encoder that a run has trained for PyTorch (.safetensors, by torchvision's names) " +
    'or for TensorFlow (SavedModel, images normalised inside).',
  [
    `${example} --format safetensors --out encoder.safetensors`,
    `${example} --format savedmodel --out encoder`,
  ],
  ['Of a run that fine-tunes, the encoder is the one before that: encoder.safetensors.'],
)
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', callerPath)
  .addOption(
    new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory(),
  )
  .requiredOption('--out <path>', 'the file, or for a SavedModel the folder', callerPath)
  .option('--force', 'replace what is there', false);

await runCommand(command, async (flags) => {
  console.log(exportLines(flags, await exportRun(flags)).join('\n'));
});

/** Lines on the file: its encoder, the model that it fits, how to load it. */
function exportLines(
  flags: ExportOptions,
  { source, encoder, normalise, bytes }: ExportedEncoder,
): string[] {
  const { format, out } = flags;
  const torch = format === 'safetensors';
  const fit = torchvisionModel(encoder);
  const fits = torch ? "loads into torchvision's" : "has the shape of torchvision's";
  const scale = `mean ${normalise.mean.join(', ')}, deviation ${normalise.std.join(', ')}`;
  return [
    `${source}: ResNet-${encoder.depth}, width ${encoder.width}, into ${out}, ${inBytes(bytes)}`,
    'model' in fit
      ? `${fits} ${fit.model}, without its fc`
      : `no torchvision model has this shape: ${fit.differences.join(', ')}`,
    `images: RGB / 255, ${torch ? 'to be normalised' : 'normalised in the model'} by ${scale}`,
    'Python:',
    ...loadingLines(flags, encoder).map((line) => `  ${line}`),
  ];
}

function inBytes(bytes: number): string {
  const kibi = bytes / 2 ** 10;
  return kibi < 2 ** 10 ? `${kibi.toFixed(1)} KiB` : `${(kibi / 2 ** 10).toFixed(1)} MiB`;
}

/** Two lines of Python that load what was written. */
function loadingLines({ format, out }: ExportOptions, encoder: EncoderConfig): string[] {
  const path = JSON.stringify(out);
  if (format === 'savedmodel') {
    const signature = `tf.saved_model.load(${path}).signatures["serving_default"]`;
    const pooled = 'pooled = encoder(images=tf.zeros([1, 224, 224, 3]))["pooled"]';
    return [
      `import tensorflow as tf; encoder = ${signature}`,
      `${pooled}  # or "features": [N, h, w, C]`,
    ];
  }
  const fit = torchvisionModel(encoder);
  if (!('model' in fit))
    return [
      'from safetensors.torch import load_file',
      `state = load_file(${path})  # tensors by torchvision's names, kernels [out, in, h, w]`,
    ];
  const model = `torchvision.models.${fit.model}(); model.fc = torch.nn.Identity()`;
  return [
    `import torch, torchvision; from safetensors.torch import load_file; model = ${model}`,
    `model.load_state_dict(load_file(${path})); model.eval()`,
  ];
}
