// On a fresh clone, whatever is run from dist must have been built first.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const { targetDefaults } = json('nx.json');
const programs = readdirSync(new URL('packages', root)).flatMap((name) =>
  Object.entries(json(`packages/${name}/package.json`).nx?.targets ?? {})
    .filter(([, { command }]) => command)
    .map(([target, options]) => [name, target, options]),
);

test('there are programs', () => {
  expect(programs.length).toBeGreaterThan(8);
});

test.each(programs)(
  '%s:%s builds what it runs',
  (name, target, { command, dependsOn = targetDefaults[target]?.dependsOn ?? [] }) => {
    const [, owner] = /^node packages\/([^/]+)\/dist\//.exec(command) ?? [];
    expect(owner, command).toBeDefined();
    const builds = dependsOn.flatMap((task) =>
      task === 'build' ? [name] : task.target === 'build' ? task.projects : [],
    );
    expect(builds).toContain(owner);
  },
);
