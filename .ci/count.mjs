// Adds up what each project's vitest wrote (reporter "json" in vitest.shared.mjs).
import { existsSync, readdirSync, readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const folder of ['packages', 'tools']
  .flatMap((top) => readdirSync(top).map((name) => `${top}/${name}`))
  .filter((name) => existsSync(`${name}/package.json`))) {
  const file = `${folder}/test-results.json`;
  if (!existsSync(file)) {
    console.log(`${folder}: its tests did not run`);
    failed++;
    continue;
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  passed += result.numPassedTests;
  // A test file that cannot be loaded fails without a failed test.
  failed += result.numFailedTests || (result.success ? 0 : 1);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
