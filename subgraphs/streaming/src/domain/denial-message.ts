import { countryName } from '@medley/countries';
import type { AudioQuality } from './audio-quality.ts';
import type { PlaybackDenied } from './decide-playback.ts';
import type { Tier } from './tier.ts';

/** Why playback was denied and what would unlock it, for people, in English. */
export function denialMessage(denied: PlaybackDenied): string {
  const reason = reasonOf(denied);
  return denied.alternativeId ? `${reason} Another release of the same recording can be played.` : reason;
}

/** For a decision that could not be made. */
export const undecidedMessage =
  'We could not check just now whether this track may be played. Try again in a moment.';

function reasonOf(denied: PlaybackDenied): string {
  switch (denied.outcome) {
    case 'SIGN_IN_REQUIRED':
      return 'Sign in to play this track.';
    case 'ACCOUNT_INACTIVE':
      return 'This account is suspended or closed. Support can tell why, and whether it can be opened again.';
    case 'NOT_FOUND':
      return 'There is no such track.';
    case 'WITHDRAWN':
      return 'This track was taken down and can no longer be played.';
    case 'NOT_RELEASED':
      return `This track is not out yet. It can be played from ${moment(denied.availableFrom)}.`;
    case 'MARKET_UNKNOWN':
      return 'Licences go by country, and we cannot tell which one you are in. Set the country of your account to play this track.';
    case 'NOT_LICENSED':
      return `This track is not licensed in ${inSentence(denied.market)}. ${elsewhere(denied.availableMarkets)}`;
    case 'EXPLICIT_BLOCKED':
      return 'This track is explicit, and this account does not play explicit tracks. Allow them in the settings to play it.';
    case 'TIER_REQUIRED':
      return `${qualityNames[denied.requestedQuality]} quality needs ${tierNames[denied.requiredTier]}. ${withoutUpgrade(denied.tier, denied.maxQuality)}`;
    case 'NOT_ENCODED':
      return denied.requiredTier
        ? `The audio of this track needs ${tierNames[denied.requiredTier]}.`
        : 'The audio of this track is not ready yet.';
  }
}

function elsewhere(markets: readonly string[]): string {
  if (markets.length === 0) return 'At the moment it is licensed nowhere.';
  if (markets.length > 3) return `It can be played in ${markets.length} other countries and territories.`;
  return `It can be played in ${listFormat.format(markets.toSorted().map(inSentence))}.`;
}

function withoutUpgrade(tier: Tier, maxQuality: AudioQuality | null): string {
  return maxQuality
    ? `${tierNames[tier]} plays this track in ${qualityNames[maxQuality]} quality.`
    : `${tierNames[tier]} cannot play this track.`;
}

const qualityNames: Readonly<Record<AudioQuality, string>> = {
  LOW: 'Low',
  MEDIUM: 'Medium',
  NORMAL: 'Normal',
  HIGH: 'High',
  LOSSLESS: 'Lossless',
};
const tierNames: Readonly<Record<Tier, string>> = { FREE: 'Free', PREMIUM: 'Premium' };

// Names that English puts "the" before in a sentence; CLDR gives them bare.
const withArticle =
  /^(Bahamas|Comoros|Gambia|Maldives|(Caribbean )?Netherlands|Philippines|Seychelles|United .*|.* (Islands|Republic|Territor(y|ies)))$/;

function inSentence(code: string): string {
  const name = countryName(code);
  return withArticle.test(name) ? `the ${name}` : name;
}

/** `4 December 2026`, with the time where it is not midnight. */
function moment(time: Date): string {
  const day = dayFormat.format(time);
  const clock = time.toISOString().slice(11, 16);
  return clock === '00:00' ? day : `${day}, ${clock} UTC`;
}

const listFormat = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
