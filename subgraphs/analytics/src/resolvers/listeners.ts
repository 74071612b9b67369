import type { Context } from '../context.ts';
import { daysOf } from '../domain/time-window.ts';
import type { QueryListenersArgs, RequireFields } from '../generated/graphql.ts';

export const readListeners = (
  { market = null, window }: RequireFields<QueryListenersArgs, 'window'>,
  { statistics, now }: Context,
) => statistics.countListeners(market, daysOf(window, now()));
