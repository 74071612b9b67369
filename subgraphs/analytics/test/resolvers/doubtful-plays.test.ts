import { encodeId } from '@medley/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asking, openAsking, publicId, uuid } from '../asking.ts';

interface Answer {
  readonly doubtfulPlays: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly playId: string } }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly endCursor: string;
    };
  };
}

const question = `query ($from: DateTime!, $until: DateTime, $doubt: PlayDoubt, $first: Int, $after: String) {
  doubtfulPlays(from: $from, until: $until, doubt: $doubt, first: $first, after: $after) {
    edges { cursor node { playId } } pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

describe('plays that are not believed', () => {
  let analytics: Asking;
  const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  beforeAll(async () => {
    analytics = await openAsking();
    await analytics.generations.build();
    await analytics.client.doubtfulPlay.createMany({
      data: Array.from({ length: 8 }, (_, index) => ({
        generation: index === 7 ? 2 : 1,
        playId: id(index),
        doubt: index === 0 ? 'TWO_DEVICES' : 'OVERLAPPING',
        // Two of them in the same millisecond.
        playedAt: new Date(Date.UTC(2026, 5, 1, 9, 0, 0, index >> 1)),
        ...{
          msPlayed: 31_000,
          userId: uuid('user', 'Eve'),
          trackId: uuid('track', 'Loop'),
          market: index ? 'DE' : '',
        },
        ...{ tier: 'FREE', deviceId: index ? 'phone' : null, otherPlayId: id(99) },
      })),
    });
  });
  afterAll(() => analytics?.close());

  const page = async (variables: Record<string, unknown>) =>
    (await analytics.analyst<Answer>(question, { from: '2026-06-01T00:00:00Z', ...variables })).doubtfulPlays;
  const ids = ({ edges }: Answer['doubtfulPlays']) => edges.map(({ node }) => node.playId);

  it('come in pages, the newest first, each once', async () => {
    const first = await page({ first: 3 });
    expect(ids(first)).toEqual([6, 5, 4].map(id));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await page({ first: 3, after: first.pageInfo.endCursor });
    expect(ids(second)).toEqual([3, 2, 1].map(id));
    const last = await page({ first: 3, after: second.pageInfo.endCursor });
    expect(ids(last)).toEqual([id(0)]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('are those of a kind and a time', async () => {
    expect(ids(await page({ first: 10, doubt: 'TWO_DEVICES' }))).toEqual([id(0)]);
    const until = '2026-06-01T09:00:00.001Z';
    expect(ids(await page({ first: 10, until }))).toEqual([1, 0].map(id));
    expect(ids(await page({ first: 10, from: until, until: '2026-06-01T09:00:00.002Z' }))).toEqual(
      [3, 2].map(id),
    );
    expect(ids(await page({ first: 10, from: '2026-07-01T00:00:00Z' }))).toEqual([]);
  });

  it('tell whose they are said to be, of what, and against which play they stand', async () => {
    const { doubtfulPlays } = await analytics.analyst<{ doubtfulPlays: unknown }>(`{
      doubtfulPlays(from: "2026-06-01T00:00:00Z", doubt: TWO_DEVICES, first: 1) {
        edges { node { playId doubt playedAt msPlayed user { id } track { id } market deviceId otherPlayId } }
      }
    }`);
    const node = {
      ...{ playId: id(0), doubt: 'TWO_DEVICES', playedAt: '2026-06-01T09:00:00.000Z', msPlayed: 31_000 },
      user: { id: encodeId('user', uuid('user', 'Eve')) },
      track: { id: publicId('track', 'Loop') },
      ...{ market: null, deviceId: null, otherPlayId: id(99) },
    };
    expect(doubtfulPlays).toEqual({ edges: [{ node }] });
  });

  it.each([
    [{}, 'first is required: 1..100'],
    [{ first: 0 }, 'first must be 1..100, got 0'],
    [{ first: 101 }, 'first must be 1..100, got 101'],
    [{ first: 1, until: '2026-05-01T00:00:00Z' }, /^until must be after from/],
    [{ first: 1, after: 'nonsense' }, /after/],
  ])('are refused for %o', async (given, message) => {
    const refused = await analytics.refused(question, { from: '2026-06-01T00:00:00Z', ...given });
    expect(refused.code).toBe('BAD_USER_INPUT');
    expect(refused.message).toMatch(message);
  });

  it('do not take the cursor of another question', async () => {
    const { pageInfo } = await page({ first: 1 });
    const refused = await analytics.refused(question, {
      ...{ from: '2026-06-01T00:00:00Z', doubt: 'OVERLAPPING', first: 1, after: pageInfo.endCursor },
    });
    expect(refused.code).toBe('BAD_USER_INPUT');
  });
});
