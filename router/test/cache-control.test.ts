import { expect, it } from 'vitest';
import { readMaxAge } from '../src/cache-control.ts';

it.each([
  ['max-age=300, public', 300],
  ['Private, Max-Age=60', 60],
  ['no-store', 0],
  ['no-cache, max-age=60', 0],
  ['max-age=soon', 0],
  ['public', 0],
  [undefined, 0],
])('reads %s', (header, seconds) => {
  expect(readMaxAge(header)).toBe(seconds);
});
