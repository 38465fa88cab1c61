import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { disposeAll } from '@noisy-pairs/engine';
import {
  exportEncoder,
  exportSavedModel,
  importEncoder,
  resnet,
  type EncoderConfig,
  type InputScale,
} from '@noisy-pairs/models';
import { z } from 'zod';
import { encoderConfig, inputScale } from '../config/network-config.ts';
import { readConfigFile } from './config-file.ts';
import { runEncoderFile } from './run-encoder.ts';

export const exportFormats = ['safetensors', 'savedmodel'] as const;
type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  /** Folder of a run that has finished, or at least its encoder. */
  readonly run: string;
  readonly format: ExportFormat;
  /** File (safetensors) or folder (savedmodel). */
  readonly out: string;
  /** Whether what is at `out` may be replaced. */
  readonly force: boolean;
}

/** An encoder as it was written. */
export interface ExportedEncoder {
  /** The run's file that the weights are from. */
  readonly source: string;
  readonly encoder: EncoderConfig;
  readonly normalise: InputScale;
  /** Size of what was written. */
  readonly bytes: number;
}

/** The part of a run's config.json that an export needs; the rest may be of any version. */
const encoderPart = z.looseObject({
  encoder: z.object(encoderConfig.shape),
  normalise: z.object(inputScale.shape),
});

/**
 * Writes a run's encoder for PyTorch (torchvision's names and layouts; the configuration goes along
 * as metadata) or for TensorFlow (the normalisation in the model).
 * @throws one line if the folder is no run's, its encoder is missing or not as its config.json
 *   says, or `out` is taken and not to be replaced
 */
export async function exportRun({
  run,
  format,
  out,
  force,
}: ExportOptions): Promise<ExportedEncoder> {
  const { encoder: config, normalise } = readConfigFile(run, encoderPart);
  const source = runEncoderFile(run);
  if (resolve(out) === resolve(source))
    throw new Error(`${out}: expected another file than the run's own, got that`);
  if (existsSync(out) && !force)
    throw new Error(`${out}: expected nothing there, got something; --force replaces it`);
  const encoder = resnet(config);
  const state = await importEncoder(source, encoder);
  try {
    await mkdir(dirname(resolve(out)), { recursive: true });
    if (format === 'safetensors')
      await exportEncoder(out, encoder, state, {
        encoder: JSON.stringify(config),
        normalise: JSON.stringify(normalise),
      });
    else await exportSavedModel(out, encoder, state, normalise);
  } finally {
    disposeAll(state);
  }
  const { size } = await stat(format === 'safetensors' ? out : join(out, 'saved_model.pb'));
  return { source, encoder: config, normalise, bytes: size };
}
