import { expect, it } from 'vitest';
import { stateEventUuid } from '../src/index.ts';

it('gives the event of a state the same id each time, and that of any other state another', () => {
  const id = stateEventUuid('users.changed.v1', 'user_1', 1);
  expect(id).toBe('3bf70748-7800-5bd5-b139-73ac87d88d6d');
  expect(stateEventUuid('users.changed.v1', 'user_1', 1)).toBe(id);
  const others = [
    stateEventUuid('users.changed.v1', 'user_1', 2),
    stateEventUuid('users.changed.v1', 'user_2', 1),
    stateEventUuid('users.changed.v2', 'user_1', 1),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});
