import { createMetrics } from '@medley/service';
import { describe, expect, it } from 'vitest';
import { createCountingDecisionLog } from '../../src/adapters/counting-decision-log.ts';
import { now, trackId } from '../cases.ts';

describe('the counting decision log', () => {
  it('counts by outcome and quality, and keeps nobody', async () => {
    const metrics = createMetrics();
    const log = createCountingDecisionLog({ metrics });
    const record = {
      decisionId: 'd',
      decidedAt: now,
      viewerId: null,
      trackId: trackId('1'),
      grantedQuality: null,
      market: null,
      marketSource: null,
      tier: null,
      trackVersion: null,
      message: null,
    };
    log.offer({ ...record, requestedQuality: 'LOW', outcome: 'GRANTED' });
    log.offer({ ...record, requestedQuality: 'LOW', outcome: 'GRANTED' });
    log.offer({ ...record, requestedQuality: 'HIGH', outcome: 'TIER_REQUIRED' });
    const text = await metrics.registry.metrics();
    expect(text).toContain('medley_playback_decisions_total{outcome="GRANTED",quality="LOW"} 2');
    expect(text).toContain('medley_playback_decisions_total{outcome="TIER_REQUIRED",quality="HIGH"} 1');
  });
});
