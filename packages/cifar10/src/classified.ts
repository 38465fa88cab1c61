import type { ClassifiedSource, SourceSpec } from '@noisy-pairs/pairs';
import { cifar10Classes, cifar10Size } from './reader.ts';
import { openCifar10, type Cifar10Options } from './subset.ts';

/** Both src/ and dist/ lie one below the package, so this names the compiled module from either. */
const module = new URL('../dist/classified.js', import.meta.url).href;

/** Images with their true classes, for classification on top of an encoder. */
export function cifar10Classified(options: Cifar10Options): SourceSpec {
  return { module, factory: 'createCifar10ClassifiedSource', options };
}

/** @throws as openCifar10. */
export async function createCifar10ClassifiedSource(
  options: Cifar10Options,
): Promise<ClassifiedSource> {
  const data = await openCifar10(options);
  return {
    name: data.name,
    size: cifar10Size,
    length: data.length,
    classes: cifar10Classes,
    read(index, image) {
      data.image(index, image);
      return data.labels[index] as number;
    },
  };
}
