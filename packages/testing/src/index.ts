export { findFreePort } from './find-free-port.ts';
export { silentLogger } from './silent-logger.ts';
export {
  createTestCaller,
  createTestVerifier,
  type TestCaller,
  type TestEvent,
  type TestStream,
  testKeys,
  testServiceKeys,
} from './test-caller.ts';
