// Every reader of files, by name: { samples(folder), read(path, onNote), isText, peer?, python? }.
//
// `samples` gives paths of whole files. `read` gives what is in one, or throws. A difference must
// be told where the format has a checksum or the file a seal. Elsewhere `peer(bytes, path)`, or
// the Python peer of that name, says what another program reads in the same bytes.
const modules = {
  tiff: './readers/tiles.mjs',
  png: './readers/tiles.mjs',
  jpeg: './readers/tiles.mjs',
  texture: './readers/tiles.mjs',
  target: './readers/tiles.mjs',
  label: './readers/xbd.mjs',
  wkt: './readers/xbd.mjs',
  'xbd index': './readers/xbd.mjs',
  'mask cache': './readers/xbd.mjs',
  'CIFAR-10': './readers/cifar10.mjs',
  weights: './readers/weights.mjs',
  encoder: './readers/weights.mjs',
  checkpoint: './readers/weights.mjs',
  'result.json': './readers/runs.mjs',
  'config.json': './readers/runs.mjs',
  'sweep.json': './readers/runs.mjs',
  'metrics.jsonl': './readers/runs.mjs',
  'finished run': './readers/runs.mjs',
};
export const readerNames = Object.keys(modules);

export async function readerOf(name) {
  const file = modules[name];
  if (!file) throw new Error(`reader: expected one of ${readerNames.join(', ')}, got ${name}`);
  return (await import(file)).readers[name];
}

/** The built file of a package. */
export const built = (path) => new URL(`../../../packages/${path}`, import.meta.url).href;
