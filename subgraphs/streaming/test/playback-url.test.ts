import { pieceFor } from '@medley/sample-audio';
import { createUrlVerifier } from '@medley/signed-url';
import { describe, expect, it } from 'vitest';
import { FactsUnavailableError } from '../src/domain/facts.ts';
import { aTrack, aViewer, now, trackId, viewerId } from './cases.ts';
import { asViewer, keys, openStreaming, playbackTokens } from './streaming-under-test.ts';

const query = `query ($trackId: ID!, $quality: AudioQuality!) {
  playbackUrl(trackId: $trackId, quality: $quality) {
    __typename
    ... on PlaybackGrant {
      decisionId track { id } url expiresAt refreshAfter requestedQuality grantedQuality substitution
      format { codec mimeType bitrateKbps sizeBytes gainDb } durationMs adSupported playbackToken
    }
    ... on PlaybackDenial { decisionId code message track { id } alternative { id } }
    ... on TrackUnavailable { availableFrom }
    ... on MarketRestricted { market availableMarkets }
    ... on TierRequired { requiredTier maxQuality }
    ... on PlaybackUndecided { retryAfterMs }
  }
}`;
type Answer = { playbackUrl: Record<string, unknown> & { __typename: string } };

const track = aTrack();
const play = (quality: string, id = track.id) => [query, { trackId: id, quality }] as const;

describe('playbackUrl', () => {
  it('grants a premium listener the quality asked for, with all that a player needs', async () => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer()] });
    const { data, errors } = await ask<Answer>(...play('HIGH'), asViewer());
    expect(errors).toBeUndefined();
    const { decisionId, url, playbackToken, ...grant } = data.playbackUrl as Record<string, string>;
    expect(grant).toEqual({
      __typename: 'PlaybackGrant',
      track: { id: track.id },
      expiresAt: '2026-11-23T08:14:00.000Z',
      refreshAfter: '2026-11-23T08:09:20.000Z',
      requestedQuality: 'HIGH',
      grantedQuality: 'HIGH',
      substitution: null,
      format: {
        codec: 'vorbis',
        mimeType: 'audio/ogg; codecs=vorbis',
        bitrateKbps: 320,
        sizeBytes: pieceFor(track.id).encodings.HIGH.sizeBytes,
        gainDb: pieceFor(track.id).gainDb,
      },
      durationMs: 240_000,
      adSupported: false,
    });
    expect(decisionId).toMatch(/^decision_[0-9a-z]{26}$/);
    expect(playbackTokens.verify(playbackToken as string)).toEqual({
      decisionId,
      viewerId,
      trackId: track.id,
      market: 'DE',
      tier: 'PREMIUM',
      requestedQuality: 'HIGH',
      grantedQuality: 'HIGH',
      decidedAt: now,
    });
    const { pathname, search } = new URL(url as string);
    const verifier = createUrlVerifier({ keys, clock: () => now.getTime() });
    expect(verifier.verify(pathname + search)).toMatchObject({
      ok: true,
      trackId: track.id,
      quality: 'HIGH',
      extension: 'ogg',
      expiresAt: new Date('2026-11-23T08:14:00.000Z'),
    });
  });

  it('grants FLAC for Lossless', async () => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer()] });
    const { data } = await ask<Answer>(...play('LOSSLESS'), asViewer());
    expect(data.playbackUrl).toMatchObject({ format: { codec: 'flac', mimeType: 'audio/flac' } });
    expect(data.playbackUrl.url).toContain('/lossless.flac?t=');
  });

  it('gives Free its qualities with advertisements, and says what unlocks the others', async () => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer({ tier: 'FREE' })] });
    const normal = await ask<Answer>(...play('NORMAL'), asViewer());
    expect(normal.data.playbackUrl).toMatchObject({ grantedQuality: 'NORMAL', adSupported: true });
    const high = await ask<Answer>(...play('HIGH'), asViewer());
    expect(high.data.playbackUrl).toMatchObject({
      __typename: 'TierRequired',
      code: 'TIER_REQUIRED',
      requiredTier: 'PREMIUM',
      maxQuality: 'NORMAL',
      alternative: null,
    });
  });

  it('names the other quality where the track lacks the one asked for', async () => {
    const { ask } = await openStreaming({
      tracks: [aTrack({ encodings: ['LOW', 'HIGH'] })],
      viewers: [aViewer()],
    });
    const { data } = await ask<Answer>(...play('NORMAL'), asViewer());
    expect(data.playbackUrl).toMatchObject({
      requestedQuality: 'NORMAL',
      grantedQuality: 'LOW',
      substitution: 'NOT_ENCODED',
    });
    expect(data.playbackUrl.url).toContain('/low.ogg?t=');
    expect(playbackTokens.verify(String(data.playbackUrl.playbackToken))).toMatchObject({
      requestedQuality: 'NORMAL',
      grantedQuality: 'LOW',
    });
  });

  it('asks strangers to sign in, and nobody for facts', async () => {
    const { ask, catalogCalls, accountCalls } = await openStreaming({ tracks: [track] });
    const { data } = await ask<Answer>(...play('LOW'), { market: 'DE', marketSource: 'ADDRESS' });
    expect(data.playbackUrl).toMatchObject({ __typename: 'SignInRequired', code: 'SIGN_IN_REQUIRED' });
    expect([...catalogCalls, ...accountCalls]).toEqual([]);
  });

  it.each([
    ['an app', { kind: 'app', id: 'app_1', viewerId, scopes: [] }],
    ['a service', { kind: 'service', id: 'catalog' }],
  ] as const)('takes %s for no listener', async (_, actor) => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer()] });
    const { data } = await ask<Answer>(...play('LOW'), asViewer({ actor: { ...actor } as never }));
    expect(data.playbackUrl.code).toBe('SIGN_IN_REQUIRED');
  });

  it('denies a suspended account, and one that is gone though its credential lives', async () => {
    const suspended = await openStreaming({ tracks: [track], viewers: [aViewer({ active: false })] });
    const gone = await openStreaming({ tracks: [track], viewers: [] });
    for (const { ask } of [suspended, gone]) {
      const { data } = await ask<Answer>(...play('LOW'), asViewer());
      expect(data.playbackUrl).toMatchObject({ __typename: 'SignInRequired', code: 'ACCOUNT_INACTIVE' });
    }
  });

  it('knows no track that there is not', async () => {
    const { ask } = await openStreaming({ viewers: [aViewer()] });
    const { data, errors } = await ask<Answer>(...play('LOW'), asViewer());
    expect(errors).toBeUndefined();
    expect(data.playbackUrl).toMatchObject({
      __typename: 'TrackUnavailable',
      code: 'NOT_FOUND',
      track: null,
    });
  });

  it.each(['nonsense', '', `album_${'0'.repeat(26)}`, `track_${'0'.repeat(25)}`])(
    'refuses %j as an id, and answers the field beside it',
    async (id) => {
      const { ask, catalogCalls } = await openStreaming({ tracks: [track], viewers: [aViewer()] });
      const { data, errors } = await ask<{ bad: null; good: object }>(
        `query ($id: ID!, $good: ID!) {
          bad: playbackUrl(trackId: $id, quality: LOW) { __typename }
          good: playbackUrl(trackId: $good, quality: LOW) { __typename }
        }`,
        { id, good: track.id },
        asViewer(),
      );
      expect(data).toEqual({ bad: null, good: { __typename: 'PlaybackGrant' } });
      expect(errors).toMatchObject([{ path: ['bad'], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(catalogCalls).toEqual([[track.id]]);
    },
  );

  it('tells when a track comes out', async () => {
    const releasedAt = new Date('2026-12-04T00:00:00Z');
    const { ask } = await openStreaming({ tracks: [aTrack({ releasedAt })], viewers: [aViewer()] });
    const { data } = await ask<Answer>(...play('LOW'), asViewer());
    expect(data.playbackUrl).toMatchObject({
      code: 'NOT_RELEASED',
      availableFrom: '2026-12-04T00:00:00.000Z',
    });
  });

  it('tells where a track is licensed, and offers the release that may be played here', async () => {
    const alternatives = [
      aTrack({ id: trackId('2'), availableMarkets: ['BR'] }),
      aTrack({ id: trackId('3'), availableMarkets: ['DE'] }),
    ];
    const { ask } = await openStreaming({
      tracks: [aTrack({ availableMarkets: ['US', 'BR'], alternatives })],
      viewers: [aViewer()],
    });
    const { data } = await ask<Answer>(...play('LOW'), asViewer());
    expect(data.playbackUrl).toEqual({
      __typename: 'MarketRestricted',
      decisionId: expect.any(String),
      code: 'NOT_LICENSED',
      message:
        'This track is not licensed in Germany. It can be played in Brazil and the United States. Another release of the same recording can be played.',
      track: { id: track.id },
      alternative: { id: trackId('3') },
      market: 'DE',
      availableMarkets: ['BR', 'US'],
    });
  });

  it("takes the account's country where the address tells none, and never the credential's", async () => {
    const { ask } = await openStreaming({
      tracks: [aTrack({ availableMarkets: ['BR'] })],
      viewers: [aViewer({ country: 'BR' })],
    });
    // The router took DE from the credential, but the account has moved to Brazil since.
    const moved = await ask<Answer>(...play('LOW'), asViewer({ market: 'DE', marketSource: 'ACCOUNT' }));
    expect(moved.data.playbackUrl.__typename).toBe('PlaybackGrant');
    const nowhere = await ask<Answer>(...play('LOW'), asViewer({ market: null, marketSource: null }));
    expect(nowhere.data.playbackUrl.__typename).toBe('PlaybackGrant');
    const abroad = await ask<Answer>(...play('LOW'), asViewer({ market: 'DE', marketSource: 'ADDRESS' }));
    expect(abroad.data.playbackUrl.code).toBe('NOT_LICENSED');
  });

  it('denies where no market is known', async () => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer({ country: null })] });
    for (const market of [null, '', 'ZZ', 'nonsense']) {
      const { data } = await ask<Answer>(...play('LOW'), asViewer({ market, marketSource: 'ADDRESS' }));
      expect(data.playbackUrl).toMatchObject({ code: 'MARKET_UNKNOWN', market: null });
    }
  });

  it('blocks explicit tracks by account and by request, and offers the clean release', async () => {
    const explicit = aTrack({ explicit: true, alternatives: [aTrack({ id: trackId('2') })] });
    const clean = await openStreaming({ tracks: [explicit], viewers: [aViewer({ allowsExplicit: false })] });
    const open = await openStreaming({ tracks: [explicit], viewers: [aViewer()] });
    const answers = [
      await clean.ask<Answer>(...play('LOW'), asViewer()),
      await open.ask<Answer>(...play('LOW'), asViewer({ explicit: false })),
    ];
    for (const { data } of answers) {
      expect(data.playbackUrl).toMatchObject({
        __typename: 'ExplicitBlocked',
        alternative: { id: trackId('2') },
      });
    }
    const allowed = await open.ask<Answer>(...play('LOW'), asViewer());
    expect(allowed.data.playbackUrl.__typename).toBe('PlaybackGrant');
  });

  it('says that nothing is decided when facts cannot be read', async () => {
    const broken = {
      async findByIds(): Promise<never> {
        throw new FactsUnavailableError('http://10.0.0.7 did not answer');
      },
    };
    const noCatalog = await openStreaming({ catalogFacts: broken, viewers: [aViewer()] });
    const noUsers = await openStreaming({ tracks: [track], accountFacts: broken });
    for (const { ask } of [noCatalog, noUsers]) {
      const { data, errors } = await ask<Answer>(...play('LOW'), asViewer());
      expect(errors).toBeUndefined();
      expect(data.playbackUrl).toMatchObject({
        __typename: 'PlaybackUndecided',
        code: 'UNDECIDED',
        track: { id: track.id },
      });
      expect(data.playbackUrl.retryAfterMs).toBeGreaterThanOrEqual(500);
      expect(data.playbackUrl.retryAfterMs).toBeLessThan(1_500);
    }
  });

  it('makes one call to catalog and one to users for twenty aliased fields', async () => {
    const tracks = Array.from({ length: 20 }, (_, index) => aTrack({ id: trackId(String(index)) }));
    const { ask, catalogCalls, accountCalls } = await openStreaming({ tracks, viewers: [aViewer()] });
    const fields = tracks.map(
      ({ id }, index) => `f${index}: playbackUrl(trackId: "${id}", quality: HIGH) { __typename }`,
    );
    const { data } = await ask<Record<string, object>>(`{ ${fields.join(' ')} }`, {}, asViewer());
    expect(Object.values(data)).toEqual(tracks.map(() => ({ __typename: 'PlaybackGrant' })));
    expect(catalogCalls).toEqual([tracks.map(({ id }) => id)]);
    expect(accountCalls).toEqual([[viewerId]]);
  });

  it('offers each decision to the log, with its id', async () => {
    const { ask, decisions } = await openStreaming({ tracks: [track], viewers: [aViewer({ tier: 'FREE' })] });
    const granted = await ask<Answer>(...play('LOW'), asViewer());
    const denied = await ask<Answer>(...play('HIGH'), asViewer());
    expect(decisions).toMatchObject([
      { outcome: 'GRANTED', decisionId: granted.data.playbackUrl.decisionId, viewerId, trackId: track.id },
      { outcome: 'TIER_REQUIRED', decisionId: denied.data.playbackUrl.decisionId, requestedQuality: 'HIGH' },
    ]);
  });

  it('gives equal grants to equal questions, but for id and token', async () => {
    const { ask } = await openStreaming({ tracks: [track], viewers: [aViewer()] });
    const [first, second] = [
      await ask<Answer>(...play('HIGH'), asViewer()),
      await ask<Answer>(...play('HIGH'), asViewer()),
    ];
    const { decisionId, playbackToken, ...grant } = first.data.playbackUrl;
    expect(second.data.playbackUrl).toMatchObject(grant);
    expect(String(second.data.playbackUrl.decisionId) > String(decisionId)).toBe(true);
    expect(second.data.playbackUrl.playbackToken).not.toBe(playbackToken);
  });
});
