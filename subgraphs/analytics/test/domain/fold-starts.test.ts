import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldStarts, type MeasuredStart } from '../../src/domain/fold-starts.ts';
import { binOf } from '../../src/domain/latency-bins.ts';

const start = (options: Partial<MeasuredStart> = {}): MeasuredStart => ({
  userId: 'user_a',
  decisionId: 'decision_a',
  grantedAt: Date.parse('2026-05-01T09:59:00Z'),
  startedAt: Date.parse('2026-05-01T10:07:42.123Z'),
  market: 'DE',
  tier: 'PREMIUM',
  quality: 'HIGH',
  outcome: 'STARTED',
  clickToSoundMs: 180,
  msPlayed: 200_000,
  stallsMs: [],
  bytes: 8_000_000,
  edgeHits: 15,
  edgeMisses: 1,
  ...options,
});
const ofTheDay = (starts: readonly MeasuredStart[]) => {
  const { quality, startTimes } = foldStarts(starts);
  const isOfTheDay = ({ grain }: Readonly<Record<string, string | number>>) => grain === 1440;
  return { quality: quality.filter(isOfTheDay), startTimes: startTimes.filter(isOfTheDay) };
};

describe('foldStarts', () => {
  it('counts a start in the minute, the hour and the day of its click', () => {
    const { quality, startTimes } = foldStarts([start()]);
    const buckets = ['2026-05-01T10:07:00.000Z', '2026-05-01T10:00:00.000Z', '2026-05-01T00:00:00.000Z'];
    expect(quality.map(({ bucket }) => bucket)).toEqual(buckets);
    expect(startTimes.map(({ bucket }) => bucket)).toEqual(buckets);
    expect(quality[0]).toEqual({
      grain: 1,
      bucket: buckets[0],
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      started: 1,
      failed: 0,
      abandoned: 0,
      ms_played: 200_000,
      stalls: 0,
      stalled_ms: 0,
      stalled_starts: 0,
      bytes: 8_000_000,
      edge_hits: 15,
      edge_misses: 1,
    });
    expect(startTimes[0]).toMatchObject({ market: 'DE', bin: binOf(180), starts: 1 });
  });

  it('counts stalls, their length, and the starts that had some', () => {
    const { quality } = ofTheDay([start({ stallsMs: [400, 600] }), start({ stallsMs: [1_000] }), start()]);
    expect(quality).toMatchObject([{ started: 3, stalls: 3, stalled_ms: 2_000, stalled_starts: 2 }]);
  });

  it('lets no start add more to a sum than a start can have', () => {
    const absurd = {
      msPlayed: 1,
      stallsMs: [299_000],
      bytes: 10_000_000_000,
      edgeHits: 300,
      edgeMisses: 99_700,
    };
    const { quality } = ofTheDay([start(absurd)]);
    expect(quality).toMatchObject([
      { stalled_ms: 60_001, bytes: 1_000_000_000, edge_hits: 1, edge_misses: 199 },
    ]);
  });

  it.each(['FAILED', 'ABANDONED'] as const)('takes no time and no sound from one that %s', (outcome) => {
    const { quality, startTimes } = ofTheDay([start({ outcome, stallsMs: [1_000] })]);
    expect(quality).toMatchObject([
      {
        started: 0,
        [outcome.toLowerCase()]: 1,
        ms_played: 0,
        stalls: 0,
        stalled_starts: 0,
        bytes: 8_000_000,
      },
    ]);
    expect(startTimes).toEqual([]);
  });

  it('counts a start whose time nobody measured', () => {
    const { quality, startTimes } = ofTheDay([start({ clickToSoundMs: null })]);
    expect([quality[0]?.started, startTimes]).toEqual([1, []]);
  });

  it('keeps markets, tiers and qualities apart', () => {
    const { quality } = ofTheDay([
      start(),
      start({ market: 'BR' }),
      start({ tier: 'FREE' }),
      start({ quality: 'LOW' }),
      start(),
    ]);
    expect(quality.map(({ started }) => started)).toEqual([2, 1, 1, 1]);
  });

  it('comes to the same sums in whatever parts', () => {
    const some = fc.array(
      fc.record({ ms: fc.nat(2_000), at: fc.nat(7_200_000), market: fc.constantFrom('DE', 'BR') }),
    );
    fc.assert(
      fc.property(some, some, (one, other) => {
        const toStart = ({ ms, at, market }: { ms: number; at: number; market: string }) =>
          start({ clickToSoundMs: ms, startedAt: Date.parse('2026-05-01T00:00:00Z') + at, market });
        const parts = [one, other].map((part) => foldStarts(part.map(toStart)));
        const all = foldStarts([...one, ...other].map(toStart));
        const sum = (rows: readonly { starts: number }[]) =>
          rows.reduce((total, { starts }) => total + starts, 0);
        expect(parts.reduce((total, { startTimes }) => total + sum(startTimes), 0)).toBe(sum(all.startTimes));
        expect(sum(all.startTimes)).toBe(3 * (one.length + other.length));
      }),
    );
  });
});
