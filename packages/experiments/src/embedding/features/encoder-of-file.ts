import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSafetensors, type EncoderConfig, type InputScale } from '@noisy-pairs/models';
import { z } from 'zod';
import { encoderConfig, inputScale } from '../../config/network-config.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { readConfigFile } from '../../run/config-file.ts';

/** An encoder that weights are of, and what its inputs are normalised by. */
export interface EncoderOfFile {
  readonly config: EncoderConfig;
  readonly normalise: InputScale;
}

const told = z.looseObject({
  encoder: z.object(encoderConfig.shape),
  normalise: z.object(inputScale.shape),
});

/** ImageNet's, which torchvision's weights were trained with. */
const imagenet: InputScale = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * The encoder that a .safetensors file holds: as an exported file tells in its metadata, as the
 * config.json beside a run's own says, or torchvision's ResNet-18, 34 or 50 by its names.
 * @throws naming the file, if it is none of these, or damaged
 */
export async function encoderOfFile(path: string): Promise<EncoderOfFile> {
  const file = await openSafetensors(path);
  await file.close();
  const { encoder, normalise } = file.metadata;
  if (encoder !== undefined && normalise !== undefined)
    return given(parseConfig(told, { encoder: json(encoder), normalise: json(normalise) }, path));
  const names = new Set(file.entries.keys());
  // names of ours are paths of trees
  const isOurs = [...names].some((name) => name.includes('/'));
  if (isOurs && existsSync(join(dirname(path), 'config.json')))
    return given(readConfigFile(dirname(path), told));
  const depth = torchvisionDepth(names);
  if (depth !== undefined && file.entries.get('conv1.weight')?.shape.join() === '64,3,7,7')
    return {
      config: { depth, width: 64, stem: 'imagenet', strides: [1, 2, 2, 2] },
      normalise: imagenet,
    };
  throw new Error(
    `${path}: expected weights that tell their encoder (those of experiments:export or of an ` +
      "audit, a run's beside its config.json, or torchvision's ResNet-18, 34 or 50), got others",
  );
}

const given = ({ encoder: config, normalise }: z.infer<typeof told>): EncoderOfFile => ({
  config,
  normalise,
});

/** What is no JSON is refused by the schema. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function torchvisionDepth(names: ReadonlySet<string>): 18 | 34 | 50 | undefined {
  if (!names.has('layer4.1.conv1.weight')) return undefined;
  if (names.has('layer1.0.conv3.weight'))
    return names.has('layer3.6.conv1.weight') ? undefined : 50;
  return names.has('layer3.5.conv1.weight') ? 34 : 18;
}
