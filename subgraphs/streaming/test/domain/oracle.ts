import type { PlaybackQuestion } from '../../src/domain/decide-playback.ts';

/**
 * The rules once more, written from the contract and not from the code: a list of what stands in the way, in order, each
 * with its test, and the table of what may be heard in place of what. It shares nothing with `src/` but types.
 */
export function oracle(question: Omit<PlaybackQuestion, 'market'> & { market: string | null }): string {
  const hindrance = firstHindrance(question, question.track);
  if (!hindrance) return grantOf(question, question.track as Facts);
  const alternative = canAnotherReleaseHelp.includes(hindrance)
    ? question.track?.alternatives.find((release) => !firstHindrance(withinTier(question), release))
    : undefined;
  return alternative ? `${hindrance} but ${alternative.id}` : hindrance;
}

type Facts = NonNullable<PlaybackQuestion['track']>['alternatives'][number];

// A free account that asks for too much still learns of a release that it could hear in NORMAL.
const withinTier = (question: PlaybackQuestion): PlaybackQuestion =>
  question.viewer?.tier === 'FREE' && /^(HIGH|LOSSLESS)$/.test(question.quality)
    ? { ...question, quality: 'NORMAL' }
    : question;

const canAnotherReleaseHelp = [
  'WITHDRAWN',
  'NOT_RELEASED',
  'NOT_LICENSED',
  'EXPLICIT_BLOCKED',
  'NOT_ENCODED',
];

function firstHindrance(question: PlaybackQuestion, track: Facts | null): string | undefined {
  const { viewer, now } = question;
  const where = question.market === null ? viewer?.country : question.market;
  const hindrances: [string, () => boolean][] = [
    ['SIGN_IN_REQUIRED', () => viewer === null],
    ['ACCOUNT_INACTIVE', () => viewer?.active !== true],
    ['NOT_FOUND', () => track === null],
    ['WITHDRAWN', () => track?.withdrawn !== false],
    ['NOT_RELEASED', () => (track?.releasedAt?.getTime() ?? Number.NEGATIVE_INFINITY) > now.getTime()],
    ['MARKET_UNKNOWN', () => where === null || where === undefined],
    ['NOT_LICENSED', () => new Set(track?.availableMarkets).has(where as string) === false],
    [
      'EXPLICIT_BLOCKED',
      () => track?.explicit === true && [viewer?.allowsExplicit, question.explicit].includes(false),
    ],
    ['TIER_REQUIRED', () => /^(HIGH|LOSSLESS)$/.test(question.quality) && viewer?.tier === 'FREE'],
    ['NOT_ENCODED', () => heard(question, track as Facts) === undefined],
  ];
  return hindrances.find(([, holds]) => holds())?.[0];
}

// What is played when a quality is asked for: the first of these that is encoded. Below comes before above.
const inOrder: Record<'FREE' | 'PREMIUM', Record<string, string>> = {
  FREE: {
    LOW: 'LOW MEDIUM NORMAL',
    MEDIUM: 'MEDIUM LOW NORMAL',
    NORMAL: 'NORMAL MEDIUM LOW',
  },
  PREMIUM: {
    LOW: 'LOW MEDIUM NORMAL HIGH LOSSLESS',
    MEDIUM: 'MEDIUM LOW NORMAL HIGH LOSSLESS',
    NORMAL: 'NORMAL MEDIUM LOW HIGH LOSSLESS',
    HIGH: 'HIGH NORMAL MEDIUM LOW LOSSLESS',
    LOSSLESS: 'LOSSLESS HIGH NORMAL MEDIUM LOW',
  },
};

function heard({ viewer, quality }: PlaybackQuestion, { encodings }: Facts): string | undefined {
  const order = inOrder[viewer?.tier as 'FREE'][quality]?.split(' ') ?? [];
  return order.find((candidate) => encodings.some((encoding) => encoding === candidate));
}

function grantOf(question: PlaybackQuestion, track: Facts): string {
  const quality = heard(question, track);
  const market = question.market ?? question.viewer?.country;
  const words = ['GRANTED', quality, 'in', market, 'as', question.viewer?.tier];
  if (question.viewer?.tier === 'FREE') words.push('with ads');
  if (quality !== question.quality) words.push('as it is NOT_ENCODED');
  return words.join(' ');
}
