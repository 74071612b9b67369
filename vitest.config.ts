import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that start services, browsers and brokers first, so that none of them is what all wait for in the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/whole\/|\.real\.|kill|\/shared-/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // Two copies of graphql (ESM and CommonJS) refuse each other's schemas; one entry for both.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: [
      '{schema,router,edge,standalone,bench}/test/**/*.test.ts',
      '{packages,subgraphs}/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    globalSetup: ['test/run-folder.ts'],
    // What starts and kills servers takes a minute where others do the same.
    testTimeout: 120_000,
    hookTimeout: 90_000,
    // Whoever polls waits for what will come; on a busy machine it takes longer than vitest's second.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    // Most files take longer to load what they test than to test it: a worker loads it once for all its files. So each test
    // leaves globals, the environment and what modules hold as it found them.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
