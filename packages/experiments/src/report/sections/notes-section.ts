import { type Markup, markup } from '@noisy-pairs/pages';

/** Losses and damage in the sweep's folder; nothing where all is well. */
export function notesSection(notes: readonly string[]): Markup[] {
  if (notes.length === 0) return [];
  return [
    markup`
      <h2>Lost or damaged files</h2>

      <ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul>
    `,
  ];
}
