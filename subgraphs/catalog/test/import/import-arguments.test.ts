import { expect, it } from 'vitest';
import { parseImportArguments } from '../../src/import/import-arguments.ts';

it('reads a source, markets and a namespace', () => {
  expect(parseImportArguments(['./catalog'])).toEqual({
    source: './catalog',
    markets: null,
    namespace: 'spotify',
  });
  expect(parseImportArguments(['--markets', 'fr, DE,fr', 'x.json', '--namespace=shop'])).toEqual({
    source: 'x.json',
    markets: ['DE', 'FR'],
    namespace: 'shop',
  });
  expect(parseImportArguments(['x', '--markets', 'all']).markets).toBe('all');
});

it.each([
  [[], 'expected one source, got 0'],
  [['a', 'b'], 'expected one source, got 2'],
  [['a', '--markets', 'DE,Narnia'], 'got NARNIA'],
  [['a', '--markets', ''], 'got nothing'],
  [['a', '--namespace', 'My Shop'], '--namespace must be of lower case letters'],
  [['a', '--dry-run'], '--dry-run'],
])('refuses %j', (argv, message) => {
  expect(() => parseImportArguments(argv)).toThrow(message);
});
