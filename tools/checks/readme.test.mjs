// What the README promises, held against the workspace: targets and files that exist, and a test
// command that CI really runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const packages = Object.fromEntries(
  readdirSync(`${root}packages`).map((name) => [
    name,
    JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8')),
  ]),
);
const inferred = ['build', 'typecheck', 'lint', 'test'];

test('every `nx run PROJECT:TARGET` exists', () => {
  const runs = [...readme.matchAll(/nx run ([\w-]+):([\w-]+)/g)];
  expect(runs.length).toBeGreaterThan(3);
  for (const [, project, target] of runs) {
    expect(Object.keys(packages), project).toContain(project);
    expect(
      [...inferred, ...Object.keys(packages[project].nx.targets ?? {})],
      `${project}:${target}`,
    ).toContain(target);
  }
});

test('every package is in the map, and every local link leads somewhere', () => {
  for (const name of Object.keys(packages)) expect(readme).toContain(`packages/${name}`);
  for (const [, link] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g))
    expect(existsSync(`${root}${link}`), link).toBe(true);
});

test('what it packs is the package and all of ours that it needs', () => {
  const needs = (name) => [
    name,
    ...Object.keys(packages[name].dependencies ?? {})
      .filter((other) => other.startsWith('@noisy-pairs/'))
      .flatMap((other) => needs(other.slice('@noisy-pairs/'.length))),
  ];
  const [, packing = ''] = /(npm pack .*?[^\\])\n/s.exec(readme) ?? [];
  const packed = [...packing.matchAll(/-w packages\/([\w-]+)/g)].map(([, name]) => name);
  expect(packed).toEqual([...new Set(needs('vts'))].sort());
});

test('every package has a README of its own', () => {
  for (const name of Object.keys(packages))
    expect(existsSync(`${root}packages/${name}/README.md`), name).toBe(true);
});

test("CI runs the README's test command", () => {
  const command = /^npm ci && npx nx run-many -t test$/m.exec(readme)?.[0];
  expect(command).toBeDefined();
  expect(readFileSync(`${root}.ci/run`, 'utf8')).toContain(command);
});
