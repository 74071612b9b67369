import type { Context } from '../context.ts';
import type { DecisionCount } from '../domain/statistics.ts';
import { readTimeSpan } from '../domain/time-range.ts';
import type { DenialCountResolvers, PlaybackDenialCode, QueryDenialsArgs } from '../generated/graphql.ts';
import { orRefuse } from './arguments.ts';

export async function readDenials(given: QueryDenialsArgs, { statistics, now }: Context) {
  const { from, until = null, market = null } = given;
  const span = orRefuse(readTimeSpan({ from, until }, 'HOUR', now()));
  const decisions = await statistics.countDecisions(span, market);
  const [grants, denials] = [decisions.filter(isGrant), decisions.filter((count) => !isGrant(count))];
  return {
    from: span.from,
    until: span.until,
    denials: sum(denials),
    grantsEstimate: sum(grants),
    counts: denials,
  };
}

export const DenialCount: DenialCountResolvers = {
  reason: ({ outcome }) => (outcome in codes ? (outcome as PlaybackDenialCode) : null),
  market: ({ market }) => market || null,
  denials: ({ decisions }) => decisions,
};

const isGrant = ({ outcome }: DecisionCount) => outcome === 'GRANTED';
const sum = (counts: readonly DecisionCount[]) => counts.reduce((all, { decisions }) => all + decisions, 0);

const codes: Readonly<Record<PlaybackDenialCode, true>> = {
  SIGN_IN_REQUIRED: true,
  ACCOUNT_INACTIVE: true,
  NOT_FOUND: true,
  WITHDRAWN: true,
  NOT_RELEASED: true,
  NOT_ENCODED: true,
  MARKET_UNKNOWN: true,
  NOT_LICENSED: true,
  EXPLICIT_BLOCKED: true,
  TIER_REQUIRED: true,
  UNDECIDED: true,
};
