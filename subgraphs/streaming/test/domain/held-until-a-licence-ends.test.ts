import { expect, it } from 'vitest';
import { createHeldFacts } from '../../src/domain/held-facts.ts';

it('finds no fact from the moment on at which it changes by itself', () => {
  let time = 1_000;
  const held = createHeldFacts({
    capacity: 10,
    holdsUntil: ({ until }: { id: string; version: number; until: number }) => until,
    now: () => time,
    clock: () => 1_000_000 + time,
  });
  held.confirm(time);
  const reading = held.beginReading();
  reading.land('ends', { id: 'ends', version: 1, until: 1_001_500 });
  reading.land('stays', { id: 'stays', version: 1, until: Number.POSITIVE_INFINITY });
  reading.end();
  time = 1_499;
  expect(held.find('ends')?.fact?.id).toBe('ends');
  time = 1_500;
  expect(held.find('ends')).toBeNull();
  expect(held.find('stays')?.fact?.id).toBe('stays');
});
