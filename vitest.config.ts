import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Two copies of graphql (ESM and CommonJS) refuse each other's schemas; one entry for both.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: [
      '{schema,router,edge,standalone,bench}/test/**/*.test.ts',
      '{packages,subgraphs}/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
  },
});
