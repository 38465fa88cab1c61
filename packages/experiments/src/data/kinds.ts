// Kinds of data: a line each. Everything else about one is in its folder.
export { cifar10 } from './cifar10/cifar10.ts';
export { folders } from './folders/folders.ts';
export { vts } from './vts/vts.ts';
export { xbd } from './xbd/xbd.ts';
