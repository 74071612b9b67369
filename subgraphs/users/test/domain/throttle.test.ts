import { expect, it } from 'vitest';
import { throttled } from '../../src/domain/throttle.ts';

it('tells people in minutes how long to wait', () => {
  expect(throttled(1).message).toBe('Too many attempts: try again in a minute.');
  expect(throttled(60_001).message).toBe('Too many attempts: try again in 2 minutes.');
});
