const names = new Set(['thumbs.db', 'desktop.ini', '__macosx', '@eadir', '$recycle.bin']);

/** Whether a file or folder is what systems and editors leave about; hidden ones are. */
export const isLitter = (name: string): boolean =>
  name.startsWith('.') || name.endsWith('~') || names.has(name.toLowerCase());
