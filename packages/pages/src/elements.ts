import type { Picture } from './picture.ts';
import { markup, type Markup } from './markup.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function table({ head, rows }: Table): Markup {
  const titles = head.map((title) => markup`<th>${title}</th>`);
  const body = rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<table><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table>`;
}

export function figure({ caption, uri }: Picture): Markup {
  return markup`
    <figure><img src="${uri}" alt="${caption}"><figcaption>${caption}</figcaption></figure>
  `;
}
