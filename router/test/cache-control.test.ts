import { expect, it } from 'vitest';
import { parseCacheControl } from '../src/cache-control.ts';

it.each([
  ['max-age=300, public', { maxAge: 300 }],
  ['Private, Max-Age=60', { maxAge: 60, scope: 'PRIVATE' }],
  ['no-store', { maxAge: 0 }],
  ['no-cache, max-age=60', { maxAge: 0 }],
  ['public', { maxAge: 0 }],
  [undefined, { maxAge: 0 }],
])('reads %s', (header, hint) => {
  expect(parseCacheControl(header)).toEqual(hint);
});
