import type { Identity } from '@medley/identity';
import { createUrlVerifier } from '@medley/signed-url';
import { describe, expect, it } from 'vitest';
import { type AudioQuality, audioQualities } from '../src/domain/audio-quality.ts';
import { aTrack, aViewer, combinations, now, trackId } from './cases.ts';
import { oracle } from './domain/oracle.ts';
import { keys, openStreaming, playbackTokens } from './streaming-under-test.ts';

const clean = aTrack({ id: trackId('c1ean') });
const tracks = [
  ...combinations({
    withdrawn: [false, true],
    releasedAt: [null, new Date(now.getTime() + 1)],
    availableMarkets: [[], ['DE'], ['BR', 'US']],
    explicit: [false, true],
    encodings: [[...audioQualities], ['MEDIUM', 'HIGH'], ['LOSSLESS'], []] as AudioQuality[][],
  }),
].map((facts, index) =>
  aTrack({ ...facts, id: trackId(String(index)), alternatives: index % 3 === 0 ? [clean] : [] }),
);
const accounts = [
  null,
  aViewer({ active: false }),
  ...combinations({
    tier: ['FREE', 'PREMIUM'] as const,
    country: ['DE', null],
    allowsExplicit: [true, false],
  }),
].map((facts, index) => facts && aViewer({ ...facts, id: `user_${String(index).padStart(26, '0')}` }));
const addresses: Pick<Identity, 'market' | 'marketSource'>[] = [
  { market: 'DE', marketSource: 'ADDRESS' },
  { market: 'BR', marketSource: 'ADDRESS' },
  // A hint of the credential, which must not count.
  { market: 'US', marketSource: 'ACCOUNT' },
];

const result = `{
  __typename
  ... on PlaybackGrant { url grantedQuality substitution adSupported playbackToken }
  ... on PlaybackDenial { code alternative { id } }
}`;
const qualityFields = audioQualities.map(
  (quality) => `${quality}: playbackUrl(quality: ${quality}) ${result}`,
);
const rootFields = tracks.flatMap(({ id }, index) =>
  audioQualities.map(
    (quality) => `t${index}_${quality}: playbackUrl(trackId: "${id}", quality: ${quality}) ${result}`,
  ),
);
const query = `query ($tracks: [_Any!]!) {
  ${rootFields.join('\n')}
  _entities(representations: $tracks) { ... on Track { ${qualityFields.join('\n')} } }
}`;
const variables = { tracks: tracks.map(({ id }) => ({ __typename: 'Track', id })) };

interface Answer {
  __typename: string;
  url: string;
  grantedQuality: string;
  substitution: string | null;
  adSupported: boolean;
  playbackToken: string;
  code: string;
  alternative: { id: string } | null;
}

const urls = createUrlVerifier({ keys, clock: () => now.getTime() });

/** What was answered in the words of the oracle; what URL and token say is what counts in a grant. */
function inWords(answer: Answer, id: string, viewerId: string | undefined): string {
  if (answer.__typename !== 'PlaybackGrant') {
    return answer.alternative ? `${answer.code} but ${answer.alternative.id}` : answer.code;
  }
  const { pathname, search } = new URL(answer.url);
  const url = urls.verify(pathname + search);
  const token = playbackTokens.verify(answer.playbackToken);
  if (!url.ok || url.trackId !== id || url.quality !== answer.grantedQuality) return 'a wrong URL';
  if (!token || token.trackId !== id || token.viewerId !== viewerId) return 'a wrong token';
  const words = ['GRANTED', url.quality, 'in', token.market, 'as', token.tier];
  if (answer.adSupported) words.push('with ads');
  if (answer.substitution) words.push(`as it is ${answer.substitution}`);
  return words.join(' ');
}

// Some 300,000 resolved fields: seconds on a quiet machine.
describe('the playback matrix, asked in GraphQL', () => {
  it('has no wrong answer in any cell, by alias or by entity', { timeout: 120_000 }, async () => {
    const { ask } = await openStreaming({ tracks, viewers: accounts.filter((account) => account !== null) });
    const wrong: unknown[] = [];
    let cells = 0;
    let grants = 0;
    for (const { viewer, address, explicit } of combinations({
      viewer: accounts,
      address: addresses,
      explicit: [true, false],
    })) {
      const actor: Identity['actor'] = viewer
        ? { kind: 'viewer', id: viewer.id, sessionId: 's', scopes: [] }
        : { kind: 'anonymous' };
      const { data, errors } = await ask<Record<string, Answer> & { _entities: Record<string, Answer>[] }>(
        query,
        variables,
        { actor, ...address, explicit },
      );
      expect(errors).toBeUndefined();
      const market = address.marketSource === 'ADDRESS' ? address.market : null;
      for (const [index, track] of tracks.entries()) {
        for (const quality of audioQualities) {
          const expected = oracle({ track, viewer, market, explicit, quality, now });
          for (const answer of [data[`t${index}_${quality}`], data._entities[index]?.[quality]]) {
            cells += 1;
            const words = inWords(answer as Answer, track.id, viewer?.id);
            if (words.startsWith('GRANTED')) grants += 1;
            if (words !== expected)
              wrong.push({ track, viewer, address, explicit, quality, words, expected });
          }
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(cells).toBe(96 * 5 * 2 * 60);
    expect(grants).toBeGreaterThan(1_000);
  });
});
