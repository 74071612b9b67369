import { encodeId, newUuid } from '@medley/ids';
import type { DecisionRecord } from '../src/domain/decision-record.ts';
import { now, trackId, viewerId } from './cases.ts';

/** A denial of just now, unless told otherwise. */
export const aDecision = (record: Partial<DecisionRecord> = {}): DecisionRecord => ({
  decisionId: encodeId('decision', newUuid()),
  decidedAt: now,
  viewerId,
  trackId: trackId('1'),
  requestedQuality: 'HIGH',
  outcome: 'NOT_LICENSED',
  grantedQuality: null,
  market: 'DE',
  marketSource: 'ADDRESS',
  tier: 'PREMIUM',
  trackVersion: 7,
  message: 'This track is not licensed in Germany.',
  ...record,
});
