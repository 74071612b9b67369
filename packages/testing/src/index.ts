export { silentLogger } from './silent-logger.ts';
export { createTestCaller, createTestVerifier, type TestCaller, testKeys } from './test-caller.ts';
