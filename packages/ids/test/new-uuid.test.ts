import { describe, expect, it } from 'vitest';
import { encodeId, newUuid } from '../src/index.ts';

describe('new ids', () => {
  it('sort in the order in which they were made', () => {
    const made = Array.from({ length: 5_000 }, () => encodeId('decision', newUuid()));
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });

  it('tell when they were made', () => {
    const before = Date.now();
    const millis = Number.parseInt(newUuid().replaceAll('-', '').slice(0, 12), 16);
    expect(millis).toBeGreaterThanOrEqual(before);
    expect(millis).toBeLessThanOrEqual(Date.now() + 1);
  });
});
