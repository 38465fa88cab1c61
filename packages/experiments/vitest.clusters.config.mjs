import { defineConfig } from 'vitest/config';

/** The tests that start a real cluster on this machine: installed, or fetched by apt-get. */
export default defineConfig({
  test: { include: ['src/**/*.cluster.test.ts'], watch: false, testTimeout: 120_000 },
});
