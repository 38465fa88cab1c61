/**
 * HTML that is safe to insert as it is; whatever else is put into `markup` is escaped. Made here
 * alone: an object that has come from a file is none, whatever its keys.
 */
class SafeHtml {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}
export type Markup = SafeHtml;

/** The content of a place in `markup`; a list is joined without anything between its parts. */
type Part = string | number | Markup | readonly Part[];

/**
 * A template of HTML whose source may be wrapped and indented. A blank line becomes a line break; a
 * single one becomes a space, or nothing between two tags.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = template.map(unwrap);
  const html = texts.map((text, i) => text + (i < parts.length ? written(parts[i] ?? '') : ''));
  return new SafeHtml(html.join('').trim());
}

/** HTML that comes from elsewhere, such as an SVG of a plot. */
export function trusted(html: string): Markup {
  return new SafeHtml(html);
}

/** Parts one a line. */
export function lines(parts: readonly Markup[]): Markup {
  return new SafeHtml(parts.map(({ html }) => html).join('\n'));
}

function unwrap(text: string): string {
  return text
    .replace(/\n[ \t]*\n\s*/g, '\0')
    .replace(/>\n\s*</g, '><')
    .replace(/\n\s*/g, ' ')
    .replace(/\0/g, '\n');
}

/** @param part a Part by its type; what has come from a file may be anything */
function written(part: unknown): string {
  if (part instanceof SafeHtml) return part.html;
  if (Array.isArray(part)) return part.map(written).join('');
  return escaped(typeof part === 'string' ? part : JSON.stringify(part));
}

function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
