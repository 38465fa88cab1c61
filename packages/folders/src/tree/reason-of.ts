/** The reason of the file system, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ENOENT') return 'nothing there (a link may lead nowhere)';
  if (code === 'ENOTDIR') return 'a file';
  if (code === 'ELOOP') return 'a link to itself';
  return message.split(', ')[0] ?? message;
}
