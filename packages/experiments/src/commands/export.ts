#!/usr/bin/env node
import { torchvisionModel, type EncoderConfig } from '@noisy-pairs/models';
import { Command, Option } from 'commander';
import { exportFormats, exportRun, type ExportFormat } from '../run/encoder-export.ts';
import { fromCaller } from '../from-caller.ts';

interface Flags {
  readonly run: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly force: boolean;
}

const command = new Command('experiments:export')
  .description(
    "Writes the encoder that a run has trained for PyTorch (.safetensors, by torchvision's " +
      'names) or for TensorFlow (SavedModel, images normalised inside).',
  )
  .requiredOption('--run <folder>', 'a finished run: SWEEP/runs/NAME', fromCaller)
  .addOption(
    new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory(),
  )
  .requiredOption('--out <path>', 'the file, or for a SavedModel the folder', fromCaller)
  .option('--force', 'replace what is there', false)
  .addHelpText(
    'after',
    `
Of a run that fine-tunes, the encoder is the one before that: encoder.safetensors.

Examples:
  npx nx run experiments:export -- --run results/vts-moco/runs/clean-seed0 --format safetensors --out encoder.safetensors
  npx nx run experiments:export -- --run results/vts-moco/runs/clean-seed0 --format savedmodel --out encoder`,
  )
  .showHelpAfterError('(--help lists the options)')
  .parse();

async function main(flags: Flags): Promise<void> {
  const { source, encoder, normalise, bytes } = await exportRun(flags);
  const fit = torchvisionModel(encoder);
  const size =
    bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    `${source}: ResNet-${encoder.depth}, width ${encoder.width}, into ${flags.out}, ${size}`,
  );
  const fits =
    flags.format === 'safetensors' ? "loads into torchvision's" : "has the shape of torchvision's";
  console.log(
    'model' in fit
      ? `${fits} ${fit.model}, without its fc`
      : `no torchvision model has this shape: ${fit.differences.join(', ')}`,
  );
  const scale = `mean ${normalise.mean.join(', ')}, deviation ${normalise.std.join(', ')}`;
  console.log(
    flags.format === 'safetensors'
      ? `images: RGB / 255, to be normalised by ${scale}`
      : `images: RGB / 255, normalised in the model by ${scale}`,
  );
  console.log(
    `Python:\n${snippet(flags, encoder)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
}

/** Two lines of Python that load what was written. */
function snippet({ format, out }: Flags, encoder: EncoderConfig): [string, string] {
  const path = JSON.stringify(out);
  if (format === 'savedmodel') {
    return [
      'import tensorflow as tf; encoder = ' +
        `tf.saved_model.load(${path}).signatures["serving_default"]`,
      'pooled = encoder(images=tf.zeros([1, 224, 224, 3]))["pooled"]  # or "features": [N, h, ' +
        'w, C]',
    ];
  }
  const fit = torchvisionModel(encoder);
  if (!('model' in fit))
    return [
      'from safetensors.torch import load_file',
      `state = load_file(${path})  # tensors by torchvision's names, kernels [out, in, h, w]`,
    ];
  return [
    'import torch, torchvision; from safetensors.torch import load_file; model = ' +
      `torchvision.models.${fit.model}(); model.fc = torch.nn.Identity()`,
    `model.load_state_dict(load_file(${path})); model.eval()`,
  ];
}

main(command.opts<Flags>()).catch((error: unknown) => {
  console.error(`experiments:export: ${(error as Error).message}`);
  process.exitCode = 1;
});
