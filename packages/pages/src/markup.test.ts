import { expect, test } from 'vitest';
import { table } from './elements.ts';
import { lines, markup, trusted } from './markup.ts';

test('text that is put in is escaped, markup is not', () => {
  const { html } =
    markup`<p title="${'"'}">${'<b> & '}${markup`<i>${'>'}</i>`}${trusted('<hr>')}</p>`;
  expect(html).toBe('<p title="&quot;">&lt;b&gt; &amp; <i>&gt;</i><hr></p>');
  expect(table({ head: ['<'], rows: [['&']] }).html).toContain('<th>&lt;</th>');
});

test('what has come from a file is text, whatever it looks like', () => {
  const hostile = JSON.parse('{"html":"<script>"}') as string;
  expect(markup`<p>${hostile}</p>`.html).toBe(
    '<p>{&quot;html&quot;:&quot;&lt;script&gt;&quot;}</p>',
  );
  expect(markup`${JSON.parse('["<b>", null, true]') as string[]}`.html).toBe('&lt;b&gt;nulltrue');
});

test('numbers are written, lists joined, nothing left out is nothing', () => {
  const items = ['a', 2].map((item) => markup`<li>${item}</li>`);
  expect(markup`<ul>${items}${[]}${''}</ul>`.html).toBe('<ul><li>a</li><li>2</li></ul>');
  expect(lines(items).html).toBe('<li>a</li>\n<li>2</li>');
});

test('source may be wrapped: a blank line is a line break, a break between tags nothing', () => {
  expect(
    markup`
      <p>one
      two</p>

      <ul>
        <li>three</li>
        <li>${'  as\n\n  it is '}</li>
      </ul>
    `.html,
  ).toBe('<p>one two</p>\n<ul><li>three</li><li>  as\n\n  it is </li></ul>');
});
