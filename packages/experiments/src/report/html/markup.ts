/** HTML that is safe to insert as it is; plain text that is put into `markup` is escaped. */
export interface Markup {
  readonly html: string;
}

/** The content of a place in `markup`; a list is joined without anything between its parts. */
type Part = string | number | Markup | readonly Part[];

/**
 * A template of HTML whose source may be wrapped and indented. A blank line becomes a line break; a
 * single one becomes a space, or nothing between two tags.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = template.map(unwrap);
  const html = texts.map((text, i) => text + (i < parts.length ? written(parts[i] ?? '') : ''));
  return { html: html.join('').trim() };
}

/** HTML that comes from elsewhere, such as an SVG of a plot. */
export function trusted(html: string): Markup {
  return { html };
}

/** Parts one a line. */
export function lines(parts: readonly Markup[]): Markup {
  return { html: parts.map(({ html }) => html).join('\n') };
}

function unwrap(text: string): string {
  return text
    .replace(/\n[ \t]*\n\s*/g, '\0')
    .replace(/>\n\s*</g, '><')
    .replace(/\n\s*/g, ' ')
    .replace(/\0/g, '\n');
}

function written(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if ('html' in part) return part.html;
  return part.map(written).join('');
}

function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
