export { cifar10Pairs, createCifar10PairSource, type Cifar10PairOptions } from './pairs.ts';
export { cifar10Classes, cifar10Size, readCifar10, type Cifar10, type Cifar10Split } from './reader.ts';
