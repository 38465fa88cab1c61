import { lines, markup, type Markup } from './markup.ts';

const pageStyle = markup`
  :root { color-scheme: light; }

  body {
    font: 16px/1.5 system-ui, sans-serif;
    max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
    color: #222; background: #fff; }

  h1 { margin-bottom: 0; }
  h2 { margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
  p { max-width: 62rem; }

  .verdict {
    font-size: 1.1rem; background: #eef5fb; border-left: 5px solid #0072b2;
    padding: .8rem 1rem; max-width: 62rem; }

  table { border-collapse: collapse; font-size: .92rem; }
  th, td {
    text-align: left; padding: .25rem .9rem .25rem 0;
    border-bottom: 1px solid #e4e4e4; vertical-align: top; }

  td { font-variant-numeric: tabular-nums; }

  .row { display: flex; flex-wrap: wrap; gap: .6rem; margin-bottom: .6rem; }
  figure { margin: 0; }
  figcaption { font-size: .8rem; color: #666; max-width: 288px; }

  .samples img { width: 128px; height: 128px; image-rendering: pixelated; }
  .predictions img { width: 288px; image-rendering: pixelated; }

  svg { max-width: 100%; height: auto; }
  code { background: #f3f3f3; padding: .1rem .3rem; }
  pre { background: #f3f3f3; padding: .7rem; overflow-x: auto; font-size: .8rem; }
`;

/**
 * One self-contained page in the project's look: nothing is loaded from elsewhere.
 * @param styles CSS that it needs besides
 */
export function page(title: string, body: Markup, ...styles: readonly Markup[]): string {
  const { html } = markup`
    <!doctype html>

    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>

    <style>

    ${lines([pageStyle, ...styles])}

    </style></head><body>

    ${body}

    </body></html>
  `;
  return `${html}\n`;
}
