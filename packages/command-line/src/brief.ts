/** Characters of a value that a message shows. */
const most = 100;

/** A value as a message shows it: on one line, its first 100 characters. */
export function brief(text: string): string {
  const line = onOneLine(text);
  return line.length > most ? `${line.slice(0, most)}...` : line;
}

/** Text without line breaks, which become spaces, and without characters that steer a terminal. */
export function onOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')
    .replace(/\p{Cc}/gu, (character) => (character === '\t' ? ' ' : '?'));
}
