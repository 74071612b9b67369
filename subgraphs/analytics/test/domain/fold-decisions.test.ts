import { describe, expect, it } from 'vitest';
import { type Decision, foldDecisions } from '../../src/domain/fold-decisions.ts';

const decision = (options: Partial<Decision> = {}): Decision => ({
  decidedAt: Date.parse('2026-05-01T23:59:59.999Z'),
  market: 'DE',
  tier: 'FREE',
  outcome: 'NOT_LICENSED',
  standsFor: 1,
  ...options,
});

describe('foldDecisions', () => {
  it('counts by the minute, the hour and the day', () => {
    expect(foldDecisions([decision(), decision()])).toEqual(
      [
        { grain: 1, bucket: '2026-05-01T23:59:00.000Z' },
        { grain: 60, bucket: '2026-05-01T23:00:00.000Z' },
        { grain: 1440, bucket: '2026-05-01T00:00:00.000Z' },
      ].map((stretch) => ({ ...stretch, market: 'DE', tier: 'FREE', outcome: 'NOT_LICENSED', decisions: 2 })),
    );
  });

  it('counts a sampled grant as often as it stands for', () => {
    const grants = foldDecisions([
      decision({ outcome: 'GRANTED', standsFor: 100 }),
      decision({ outcome: 'GRANTED', standsFor: 1 }),
      decision(),
    ]);
    expect(grants.filter(({ grain }) => grain === 60)).toMatchObject([
      { outcome: 'GRANTED', decisions: 101 },
      { outcome: 'NOT_LICENSED', decisions: 1 },
    ]);
  });

  it('keeps what is unknown apart', () => {
    const rows = foldDecisions([decision({ market: '', tier: '', outcome: 'MARKET_UNKNOWN' }), decision()]);
    expect(rows).toHaveLength(6);
  });
});
