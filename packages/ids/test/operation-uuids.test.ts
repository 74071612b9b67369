import { describe, expect, it } from 'vitest';
import { encodeId, itemUuidOf, playlistUuidOf } from '../src/index.ts';

describe('ids made of an operation', () => {
  const operationId = '0198b6de-5e5b-4b6a-9c3f-6f2b6a3f1e01';

  it('are the same for everybody, for good', () => {
    expect(playlistUuidOf(operationId)).toBe('2c96e401-4268-522d-bcd6-4d3cb714ed7c');
    expect(itemUuidOf(operationId, 0)).toBe('97eb8cf2-f0b1-517f-8717-6d4893b42a7b');
    expect(encodeId('item', itemUuidOf(operationId, 0))).toBe('item_4qxe6f5w5ha5zre5vd929v8akv');
  });

  it('differ by the place in the operation', () => {
    const ids = Array.from({ length: 100 }, (_, index) => itemUuidOf(operationId, index));
    expect(new Set([...ids, playlistUuidOf(operationId)]).size).toBe(101);
  });
});
