import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioQualities } from '../../src/domain/audio-quality.ts';
import { decidePlayability, decidePlayback } from '../../src/domain/decide-playback.ts';
import { tiers } from '../../src/domain/tier.ts';
import { aTrack, aViewer, now, trackId } from '../cases.ts';

const country = fc.constantFrom('DE', 'BR', 'US', 'FR', 'JP');
const release = fc.record({
  id: fc.nat().map((number) => trackId(String(number))),
  withdrawn: fc.boolean(),
  releasedAt: fc.option(
    fc.integer({ min: -2, max: 2 }).map((days) => new Date(now.getTime() + days * 86_400_000)),
  ),
  availableMarkets: fc.uniqueArray(country),
  explicit: fc.boolean(),
  durationMs: fc.nat({ max: 10_000_000 }),
  encodings: fc.uniqueArray(fc.constantFrom(...audioQualities)),
  version: fc.integer({ min: 1 }),
});
const track = fc
  .tuple(release, fc.array(release, { maxLength: 4 }))
  .map(([facts, alternatives]) => ({ ...facts, alternatives }));
const viewer = fc.record({
  id: fc.constant(aViewer().id),
  tier: fc.constantFrom(...tiers),
  country: fc.option(country),
  allowsExplicit: fc.boolean(),
  active: fc.boolean(),
  version: fc.integer({ min: 1 }),
});
const question = fc.record({
  track,
  viewer: fc.option(viewer, { freq: 20 }),
  market: fc.option(country),
  explicit: fc.boolean(),
  quality: fc.constantFrom(...audioQualities),
  now: fc.constant(now),
});
const holds = <Value>(arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => void) =>
  fc.assert(fc.property(arbitrary, predicate), { numRuns: 3_000 });

describe('decidePlayback', () => {
  it('never grants outside of the markets of the track', () => {
    holds(question, (asked) => {
      const decision = decidePlayback(asked);
      if (decision.outcome !== 'GRANTED') return;
      expect(asked.track.availableMarkets).toContain(decision.market);
      expect(decision.market).toBe(asked.market ?? asked.viewer?.country);
    });
  });

  it('never turns a grant into a denial because a licence was added', () => {
    holds(fc.tuple(question, country), ([asked, added]) => {
      const availableMarkets = [added, ...asked.track.availableMarkets];
      const more = decidePlayback({ ...asked, track: { ...asked.track, availableMarkets } });
      if (decidePlayback(asked).outcome === 'GRANTED') expect(more.outcome).toBe('GRANTED');
    });
  });

  it('always denies once the licence of the market is gone', () => {
    holds(question, (asked) => {
      const market = asked.market ?? asked.viewer?.country;
      const availableMarkets = asked.track.availableMarkets.filter((code) => code !== market);
      const decision = decidePlayback({ ...asked, track: { ...asked.track, availableMarkets } });
      expect(decision.outcome).not.toBe('GRANTED');
    });
  });

  it('grants only what is encoded and within the tier, and says when it is not what was asked for', () => {
    holds(question, (asked) => {
      const decision = decidePlayback(asked);
      if (decision.outcome !== 'GRANTED') return;
      expect(asked.track.encodings).toContain(decision.grantedQuality);
      if (decision.tier === 'FREE') expect(['LOW', 'MEDIUM', 'NORMAL']).toContain(decision.grantedQuality);
      expect(decision.substitution === null).toBe(decision.grantedQuality === asked.quality);
      if (decision.substitution) expect(asked.track.encodings).not.toContain(asked.quality);
    });
  });

  it('never turns a grant into a denial because the account got a better tier', () => {
    holds(question, (asked) => {
      if (!asked.viewer || decidePlayback(asked).outcome !== 'GRANTED') return;
      const upgraded = decidePlayback({ ...asked, viewer: { ...asked.viewer, tier: 'PREMIUM' } });
      expect(upgraded.outcome).toBe('GRANTED');
    });
  });

  it('offers only alternatives that it would grant, in some quality', () => {
    holds(question, (asked) => {
      const decision = decidePlayback(asked);
      if (decision.outcome === 'GRANTED' || !decision.alternativeId) return;
      const granted = asked.track.alternatives
        .filter(({ id }) => id === decision.alternativeId)
        .map((facts) => decidePlayability({ ...asked, track: { ...facts, alternatives: [] } }).outcome);
      expect(granted).toContain('GRANTED');
    });
  });

  it('does not care for the order of markets and encodings', () => {
    holds(question, (asked) => {
      const { availableMarkets, encodings } = asked.track;
      const turned = decidePlayback({
        ...asked,
        track: {
          ...asked.track,
          availableMarkets: availableMarkets.toReversed(),
          encodings: encodings.toReversed(),
        },
      });
      const unordered = (decision: object) =>
        JSON.stringify({ ...decision, availableMarkets: availableMarkets.length });
      expect(unordered(turned)).toBe(unordered(decidePlayback(asked)));
    });
  });

  it('believes the address before the account, also where the account would be luckier', () => {
    const asked = {
      track: aTrack({ availableMarkets: ['DE'] }),
      explicit: true,
      quality: 'LOW',
      now,
    } as const;
    const viewer = aViewer({ country: 'DE' });
    expect(decidePlayback({ ...asked, viewer, market: 'FR' })).toMatchObject({
      outcome: 'NOT_LICENSED',
      market: 'FR',
    });
    expect(decidePlayback({ ...asked, viewer, market: null })).toMatchObject({
      outcome: 'GRANTED',
      market: 'DE',
    });
  });

  it('names what Free gets of a track that was asked for in Lossless', () => {
    const asked = { viewer: aViewer({ tier: 'FREE' }), market: 'DE', explicit: true, now } as const;
    const lossless = { ...asked, quality: 'LOSSLESS' } as const;
    expect(decidePlayback({ ...lossless, track: aTrack({ encodings: ['LOW', 'MEDIUM'] }) })).toMatchObject({
      outcome: 'TIER_REQUIRED',
      requiredTier: 'PREMIUM',
      maxQuality: 'MEDIUM',
    });
    expect(decidePlayback({ ...lossless, track: aTrack({ encodings: ['HIGH'] }) })).toMatchObject({
      outcome: 'TIER_REQUIRED',
      maxQuality: null,
    });
  });
});

describe('decidePlayability', () => {
  it('says playable exactly when some quality would be granted, and names the best', () => {
    holds(question, ({ quality: _, ...asked }) => {
      const decision = decidePlayability(asked);
      const granted = audioQualities
        .map((quality) => decidePlayback({ ...asked, quality }))
        .flatMap((single) => (single.outcome === 'GRANTED' ? [single.grantedQuality] : []));
      const best = audioQualities.findLast((quality) => granted.includes(quality));
      expect(decision.outcome === 'GRANTED' ? decision.grantedQuality : undefined).toBe(best);
    });
  });
});
