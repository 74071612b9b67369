import { encodeId, newUuid } from '@medley/ids';
import { expect, it } from 'vitest';
import { parseImportArguments } from '../../src/import/import-arguments.ts';

const owner = encodeId('user', newUuid());

it('reads a source, an owner and a namespace', () => {
  expect(parseImportArguments(['./catalog', '--owner', owner])).toEqual({
    source: './catalog',
    owner,
    namespace: 'spotify',
  });
  expect(parseImportArguments([`--owner=${owner}`, 'x', '--namespace', 'shop'])).toEqual({
    source: 'x',
    owner,
    namespace: 'shop',
  });
});

it.each([
  [['--owner', owner], 'expected one source, got 0'],
  [['a', 'b', '--owner', owner], 'expected one source, got 2'],
  [['a'], '--owner is needed'],
  [['a', '--owner', 'ada'], '--owner: expected an id of the form user_'],
  [['a', '--owner', encodeId('track', newUuid())], '--owner: expected an id of the form user_'],
  [['a', '--owner', owner, '--namespace', 'My Shop'], '--namespace must be of lower case letters'],
  [['a', '--dry-run'], '--dry-run'],
])('refuses %j', (argv, message) => {
  expect(() => parseImportArguments(argv)).toThrow(message);
});
