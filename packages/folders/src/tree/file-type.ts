const images = new Set(['png', 'jpg', 'jpeg', 'tif', 'tiff']);
const texts = new Set(['txt', 'csv', 'tsv', 'json', 'jsonl', 'md', 'xml', 'html', 'yaml', 'yml']);
/** Formats that hold images but are not read, with what to do. */
const others = new Map([
  ['bmp', 'BMP is not read: export it as PNG'],
  ['gif', 'GIF is not read: export it as PNG'],
  ['webp', 'WebP is not read: export it as PNG'],
  ['jp2', 'JPEG 2000 is not read: export it as TIFF'],
  ['vrt', 'VRT is not read: export it as TIFF'],
  ['h5', 'HDF5 is not read: export it as TIFF'],
  ['hdf5', 'HDF5 is not read: export it as TIFF'],
  ['nc', 'NetCDF is not read: export it as TIFF'],
  ['npy', 'npy is not read: export it as TIFF'],
  ['npz', 'npz is not read: export it as TIFF'],
  ['zip', 'an archive: unpack it'],
  ['tar', 'an archive: unpack it'],
  ['gz', 'an archive: unpack it'],
  ['tgz', 'an archive: unpack it'],
]);

/** Extension in small letters without the point; empty without one. */
export const extensionOf = (path: string): string =>
  /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** A path without its extension. */
export const withoutExtension = (path: string): string => path.replace(/(?<=[^/])\.[^./]+$/, '');

export const isImage = (path: string): boolean => images.has(extensionOf(path));

/** The reason why a file that is no image is left out. */
export function reasonNoImage(path: string): string {
  const extension = extensionOf(path);
  return others.get(extension) ?? (texts.has(extension) ? 'text' : 'no image');
}
