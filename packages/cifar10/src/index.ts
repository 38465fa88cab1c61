export { cifar10Classified, createCifar10ClassifiedSource } from './classified.ts';
export {
  cifar10Pairs,
  countFalsePairs,
  createCifar10PairSource,
  type Cifar10PairOptions,
  type FalsePairs,
} from './pairs.ts';
export { cifar10Classes, readCifar10, type Cifar10, type Cifar10Split } from './reader.ts';
export { openCifar10, type Cifar10Options } from './subset.ts';
export { hashCifar10 } from './hash-files.ts';
