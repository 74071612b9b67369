import { expect, it } from 'vitest';
import { isSameText } from '../src/same-text.ts';

it('knows a text from another', () => {
  expect(isSameText('c2lnbmF0dXJl', 'c2lnbmF0dXJl')).toBe(true);
  expect(isSameText('c2lnbmF0dXJl', 'c2lnbmF0dXJk')).toBe(false);
  expect(isSameText('c2lnbmF0dXJl', 'c2lnbmF0dXJ')).toBe(false);
});

it('takes spellings that decode alike for different ones', () => {
  expect(Buffer.from('AA', 'base64url')).toEqual(Buffer.from('AB', 'base64url'));
  expect(isSameText('AA', 'AB')).toBe(false);
});

it('stands texts of equal length that are not as long in bytes', () => {
  expect(isSameText('é', 'e')).toBe(false);
});
