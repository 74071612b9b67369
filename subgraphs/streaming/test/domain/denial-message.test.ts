import { describe, expect, it } from 'vitest';
import type { PlaybackDenied } from '../../src/domain/decide-playback.ts';
import { denialMessage } from '../../src/domain/denial-message.ts';

const alternativeId = null;
const messages: [PlaybackDenied, string][] = [
  [{ outcome: 'SIGN_IN_REQUIRED', alternativeId }, 'Sign in to play this track.'],
  [
    { outcome: 'NOT_LICENSED', market: 'DE', availableMarkets: ['BR', 'US', 'NL'], alternativeId },
    'This track is not licensed in Germany. It can be played in Brazil, the Netherlands and the United States.',
  ],
  [
    { outcome: 'NOT_LICENSED', market: 'GB', availableMarkets: ['BR', 'US', 'NL', 'JP'], alternativeId },
    'This track is not licensed in the United Kingdom. It can be played in 4 other countries and territories.',
  ],
  [
    { outcome: 'NOT_LICENSED', market: 'CX', availableMarkets: [], alternativeId: 'track_x' },
    'This track is not licensed in Christmas Island. At the moment it is licensed nowhere. Another release of the same recording can be played.',
  ],
  [
    { outcome: 'NOT_RELEASED', availableFrom: new Date('2026-12-04T00:00:00Z'), alternativeId },
    'This track is not out yet. It can be played from 4 December 2026.',
  ],
  [
    { outcome: 'NOT_RELEASED', availableFrom: new Date('2026-12-04T18:30:00Z'), alternativeId },
    'This track is not out yet. It can be played from 4 December 2026, 18:30 UTC.',
  ],
  [
    {
      outcome: 'TIER_REQUIRED',
      requestedQuality: 'HIGH',
      tier: 'FREE',
      requiredTier: 'PREMIUM',
      maxQuality: 'NORMAL',
      alternativeId,
    },
    'High quality needs Premium. Free plays this track in Normal quality.',
  ],
  [
    { outcome: 'NOT_ENCODED', requiredTier: 'PREMIUM', alternativeId },
    'The audio of this track needs Premium.',
  ],
  [
    { outcome: 'NOT_ENCODED', requiredTier: null, alternativeId },
    'The audio of this track is not ready yet.',
  ],
];

describe('denialMessage', () => {
  it.each(messages)('tells %o what would unlock it', (denied, message) => {
    expect(denialMessage(denied)).toBe(message);
  });
});
