import type { LinkRequest, SubgraphLink } from '@medley/subgraph-link';
import { createTestVerifier, testServiceKeys } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createLinkAccountChanges } from '../../src/adapters/link-account-changes.ts';
import { createLinkLicenceChanges } from '../../src/adapters/link-licence-changes.ts';

/** A subgraph that answers `changes` as told; it remembers what it was asked. */
function subgraphThat(tells: unknown) {
  const requests: LinkRequest[] = [];
  const link: SubgraphLink = {
    async send(request) {
      requests.push(request);
      return { body: JSON.stringify({ data: { changes: tells } }) };
    },
    close: async () => {},
  };
  const variables = () => requests.map(({ body }) => JSON.parse(body).variables);
  return { source: { link, keys: testServiceKeys }, requests, variables };
}
const inTime = { timeoutMs: 350 };

describe('changes of licences over a link', () => {
  const told = { seq: '7', trackIds: ['track_1'], hasMore: true, reset: false };

  it('are asked for from a position on, or where they stand now', async () => {
    const { source, variables, requests } = subgraphThat(told);
    const changes = createLinkLicenceChanges(source);
    const expected = { position: '7', ids: ['track_1'], hasMore: true, reset: false };
    expect(await changes.since(null, inTime)).toEqual(expected);
    expect(await changes.since('6', inTime)).toEqual(expected);
    expect(variables()).toEqual([{ seq: null }, { seq: '6' }]);
    const [{ identity, body }] = requests as [LinkRequest];
    const actor = createTestVerifier('catalog').verify(identity, body)?.actor;
    expect(actor).toEqual({ kind: 'service', id: 'streaming' });
  });

  it.each([
    ['nothing', null],
    ['no position', { ...told, seq: null }],
    ['no word on a reset', { ...told, reset: undefined }],
    ['no list', { ...told, trackIds: null }],
  ])('are none when catalog tells %s', async (_, tells) => {
    await expect(createLinkLicenceChanges(subgraphThat(tells).source).since('6', inTime)).rejects.toThrow(
      'catalog did not answer',
    );
  });
});

describe('changes of accounts over a link', () => {
  const told = { position: '12-3', accountIds: ['user_1', 'user_2'], hasMore: false, reset: true };

  it('are asked for from a position on, or where they stand now', async () => {
    const { source, variables } = subgraphThat(told);
    const changes = createLinkAccountChanges(source);
    const expected = { position: '12-3', ids: ['user_1', 'user_2'], hasMore: false, reset: true };
    expect(await changes.since(null, inTime)).toEqual(expected);
    expect(await changes.since('12-2', inTime)).toEqual(expected);
    expect(variables()).toEqual([{ position: null }, { position: '12-2' }]);
  });

  it.each([
    ['something else', { ...told, hasMore: 'no' }],
    ['no word on a reset', { ...told, reset: undefined }],
  ])('are none when users tells %s', async (_, tells) => {
    const changes = createLinkAccountChanges(subgraphThat(tells).source);
    await expect(changes.since('6', inTime)).rejects.toThrow('users did not answer');
  });
});
