import { type AudioQuality, isWithin } from './audio-quality.ts';

/** Every tier, the cheapest first. */
export const tiers = ['FREE', 'PREMIUM'] as const;
export type Tier = (typeof tiers)[number];

/** What each tier gives. */
export const tierRights: Readonly<Record<Tier, { bestQuality: AudioQuality; adSupported: boolean }>> = {
  FREE: { bestQuality: 'NORMAL', adSupported: true },
  PREMIUM: { bestQuality: 'LOSSLESS', adSupported: false },
};

/** The cheapest tier that plays this quality. */
export function tierFor(quality: AudioQuality): Tier {
  return tiers.find((tier) => isWithin(quality, tierRights[tier].bestQuality)) ?? 'PREMIUM';
}
