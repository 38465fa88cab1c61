import type { EncoderConfig } from '../networks/encoder-config.ts';

/**
 * The torchvision model (resnet18, resnet34, resnet50) that has an encoder's layers and so computes
 * its features, or how the encoder differs from all of them, in words.
 */
export function torchvisionModel(
  config: EncoderConfig,
): { readonly model: string } | { readonly differences: readonly string[] } {
  const { depth, width, stem, strides } = config;
  const differences: string[] = [];
  if (depth === 10) differences.push('depth 10');
  if (width !== 64) differences.push(`width ${width} instead of 64`);
  if (stem !== 'imagenet') differences.push(`stem ${stem} instead of imagenet`);
  if (strides.length !== 4) {
    const noun = strides.length === 1 ? 'stage' : 'stages';
    differences.push(`${strides.length} ${noun} instead of 4`);
  } else if (strides.join() !== '1,2,2,2')
    differences.push(`strides ${strides.join(', ')} instead of 1, 2, 2, 2`);
  return differences.length > 0 ? { differences } : { model: `resnet${depth}` };
}
