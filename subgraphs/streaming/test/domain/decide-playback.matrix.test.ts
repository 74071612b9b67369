import { describe, expect, it } from 'vitest';
import { type AudioQuality, audioQualities } from '../../src/domain/audio-quality.ts';
import {
  decidePlayback,
  type PlaybackDecision,
  type PlaybackQuestion,
} from '../../src/domain/decide-playback.ts';
import type { TrackFacts, ViewerFacts } from '../../src/domain/facts.ts';
import { aTrack, aViewer, combinations, now, trackId } from '../cases.ts';
import { oracle } from './oracle.ts';

const inWords = (decision: PlaybackDecision): string => {
  if (decision.outcome !== 'GRANTED') {
    return decision.alternativeId ? `${decision.outcome} but ${decision.alternativeId}` : decision.outcome;
  }
  const { grantedQuality, market, tier, adSupported, substitution } = decision;
  const words = ['GRANTED', grantedQuality, 'in', market, 'as', tier];
  if (adSupported) words.push('with ads');
  if (substitution) words.push(`as it is ${substitution}`);
  return words.join(' ');
};

/** The questions on which code and oracle differ, the first few of them, and how many were asked. */
function compare(questions: Iterable<PlaybackQuestion>) {
  let cells = 0;
  let grants = 0;
  const differences: unknown[] = [];
  for (const question of questions) {
    cells += 1;
    const decided = inWords(decidePlayback(question));
    if (decided.startsWith('GRANTED')) grants += 1;
    const expected = oracle(question);
    if (decided !== expected && differences.length < 5) differences.push({ question, decided, expected });
  }
  return { cells, grants, differences };
}

const second = (offset: number) => new Date(now.getTime() + offset * 1_000);
const tracks: (TrackFacts | null)[] = [
  null,
  ...[
    ...combinations({
      withdrawn: [false, true],
      releasedAt: [null, second(-1), now, second(1)],
      availableMarkets: [[], ['DE'], ['BR', 'US']],
      explicit: [false, true],
      encodings: [
        [...audioQualities],
        ['LOW', 'NORMAL'],
        ['HIGH'],
        ['MEDIUM', 'LOSSLESS'],
        [],
      ] as AudioQuality[][],
    }),
  ].map(aTrack),
];
const viewers: (ViewerFacts | null)[] = [
  null,
  ...[
    ...combinations({
      active: [true, false],
      tier: ['FREE', 'PREMIUM'] as const,
      country: ['DE', 'BR', null],
      allowsExplicit: [true, false],
    }),
  ].map(aViewer),
];
const circumstances = {
  viewer: viewers,
  market: ['DE', 'BR', 'FR', null],
  explicit: [true, false],
  quality: audioQualities,
  now: [now],
};

describe('decidePlayback, on every cell,', () => {
  it('decides on track, market, tier, quality, explicit, release and sign-in as the contract says', () => {
    const { cells, grants, differences } = compare(combinations({ track: tracks, ...circumstances }));
    expect(differences).toEqual([]);
    expect(cells).toBe(241 * 25 * 4 * 2 * 5);
    expect(grants).toBeGreaterThan(3_000);
  });

  it('chooses among all 32 sets of encodings as the contract says', () => {
    const sets = Array.from({ length: 32 }, (_, bits) =>
      audioQualities.filter((_quality, index) => bits & (1 << index)),
    );
    const { cells, differences } = compare(
      combinations({
        track: sets.map((encodings) => aTrack({ encodings: encodings.toReversed() })),
        ...circumstances,
        market: ['DE'],
      }),
    );
    expect(differences).toEqual([]);
    expect(cells).toBe(32 * 25 * 2 * 5);
  });

  it('offers the first other release that it would grant, and none otherwise', () => {
    const others = [
      aTrack({ id: trackId('a'), withdrawn: true }),
      aTrack({ id: trackId('b'), availableMarkets: ['BR'] }),
      aTrack({ id: trackId('c'), explicit: true }),
      aTrack({ id: trackId('d'), encodings: ['LOSSLESS'] }),
      aTrack({ id: trackId('e'), releasedAt: second(1) }),
      aTrack({ id: trackId('f') }),
    ];
    const alternatives = [[], others, others.toReversed(), others.slice(0, 5), others.slice(1, 4)];
    const blocked = [
      ...combinations({
        withdrawn: [false, true],
        releasedAt: [null, second(1)],
        availableMarkets: [['FR'], ['DE', 'BR']],
        explicit: [false, true],
        encodings: [['HIGH'], []] as AudioQuality[][],
        alternatives,
      }),
    ].map(aTrack);
    const { cells, differences } = compare(combinations({ track: blocked, ...circumstances }));
    expect(differences).toEqual([]);
    expect(cells).toBe(160 * 25 * 4 * 2 * 5);
  });
});
