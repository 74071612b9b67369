import { describe, expect, it } from 'vitest';
import { FactsUnavailableError } from '../src/domain/facts.ts';
import { aTrack, aViewer, trackId, viewerId } from './cases.ts';
import { asViewer, openStreaming } from './streaming-under-test.ts';

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Track { id playability { playable maxQuality code message alternative { id } } }
  }
}`;
const representations = (ids: readonly string[]) => ({
  representations: ids.map((id) => ({ __typename: 'Track', id })),
});
type Answer = { _entities: ({ id: string; playability: Record<string, unknown> | null } | null)[] };

describe('Track.playability', () => {
  it('names the best quality that the tier and the encodings give', async () => {
    const tracks = [aTrack(), aTrack({ id: trackId('2'), encodings: ['LOW', 'HIGH'] })];
    const best = async (tier: 'FREE' | 'PREMIUM') => {
      const { ask } = await openStreaming({ tracks, viewers: [aViewer({ tier })] });
      const { data } = await ask<Answer>(query, representations(tracks.map(({ id }) => id)), asViewer());
      return data._entities.map((entity) => entity?.playability?.maxQuality);
    };
    expect(await best('FREE')).toEqual(['NORMAL', 'LOW']);
    expect(await best('PREMIUM')).toEqual(['LOSSLESS', 'HIGH']);
  });

  it('makes one call to catalog and one to users for a page of a hundred, and keeps no decision', async () => {
    const tracks = Array.from({ length: 100 }, (_, index) => aTrack({ id: trackId(String(index)) }));
    const { ask, catalogCalls, accountCalls, decisions } = await openStreaming({
      tracks,
      viewers: [aViewer()],
    });
    const { data } = await ask<Answer>(query, representations(tracks.map(({ id }) => id)), asViewer());
    expect(data._entities.map((entity) => entity?.playability?.playable)).toEqual(tracks.map(() => true));
    expect(catalogCalls).toHaveLength(1);
    expect(accountCalls).toEqual([[viewerId]]);
    expect(decisions).toEqual([]);
  });

  it('says why not, and what could be played in its place', async () => {
    const alternatives = [aTrack({ id: trackId('9') })];
    const { ask } = await openStreaming({
      tracks: [aTrack({ availableMarkets: ['BR'], alternatives })],
      viewers: [aViewer()],
    });
    const { data } = await ask<Answer>(query, representations([trackId('1')]), asViewer());
    expect(data._entities[0]?.playability).toEqual({
      playable: false,
      maxQuality: null,
      code: 'NOT_LICENSED',
      message:
        'This track is not licensed in Germany. It can be played in Brazil. Another release of the same recording can be played.',
      alternative: { id: trackId('9') },
    });
  });

  it('asks strangers to sign in', async () => {
    const { ask } = await openStreaming({ tracks: [aTrack()] });
    const { data } = await ask<Answer>(query, representations([trackId('1')]));
    expect(data._entities[0]?.playability).toMatchObject({ playable: false, code: 'SIGN_IN_REQUIRED' });
  });

  it('is undecided, not playable, when facts cannot be read', async () => {
    const { ask } = await openStreaming({
      viewers: [aViewer()],
      catalogFacts: { findByIds: () => Promise.reject(new FactsUnavailableError('dead')) },
    });
    const { data, errors } = await ask<Answer>(query, representations([trackId('1')]), asViewer());
    expect(errors).toBeUndefined();
    expect(data._entities[0]?.playability).toMatchObject({ playable: false, code: 'UNDECIDED' });
  });

  it('costs a page of a hundred one entry when one id is malformed', async () => {
    const tracks = Array.from({ length: 99 }, (_, index) => aTrack({ id: trackId(String(index)) }));
    const { ask } = await openStreaming({ tracks, viewers: [aViewer()] });
    const ids = [...tracks.map(({ id }) => id), 'track_nonsense'];
    const { data, errors } = await ask<Answer>(query, representations(ids), asViewer());
    expect(data._entities.filter((entity) => entity?.playability?.playable)).toHaveLength(99);
    expect(data._entities[99]).toBeNull();
    expect(errors).toBeUndefined();
  });
});

describe('Track.playbackUrl', () => {
  it('is the same decision as on Query, under any alias', async () => {
    const { ask } = await openStreaming({ tracks: [aTrack()], viewers: [aViewer({ tier: 'FREE' })] });
    const { data } = await ask<{ _entities: object[] }>(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          ... on Track {
            low: playbackUrl(quality: LOW) { __typename }
            high: playbackUrl(quality: HIGH) { __typename }
          }
        }
      }`,
      representations([trackId('1')]),
      asViewer(),
    );
    expect(data._entities).toEqual([
      { low: { __typename: 'PlaybackGrant' }, high: { __typename: 'TierRequired' } },
    ]);
  });
});
