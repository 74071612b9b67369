import type { ChangeNotifier } from '@medley/live';
import type { AskedPlays, SecondOfPlays } from '../domain/live-counts.ts';
import type { LiveSeconds } from '../domain/live-seconds.ts';
import type { Ticks } from './ticks.ts';

export interface LivePlaysParts {
  /** Null while that is not known. */
  readonly seconds: () => LiveSeconds | null;
  /** Notified of `secondOver` when a second is over. */
  readonly notifier: Pick<ChangeNotifier, 'watch'>;
  readonly ticks: Pick<Ticks, 'want'>;
}

/** Who watches this is woken when a second is over. */
export const secondOver = 'a second is over';

/**
 * Tells each second when it is over, in their order and none twice. One that is asked for after it was forgotten is a gap, and it goes on
 * from the last one.
 */
export async function* watchPlays(
  { seconds: find, notifier, ticks }: LivePlaysParts,
  { market, after, signal }: AskedPlays,
): AsyncGenerator<SecondOfPlays, void> {
  const leave = ticks.want();
  // Also when its reader never comes back for more.
  signal.addEventListener('abort', leave, { once: true });
  try {
    let told = after;
    // While nobody watched no second passed here: it begins with the first that is over from now on.
    const before = find()?.last() ?? null;
    for await (const _ of notifier.watch(secondOver, signal)) {
      for (;;) {
        const seconds = find();
        const last = seconds?.last() ?? null;
        if (!seconds || last === null) break;
        let kind: SecondOfPlays['kind'] = 'CHANGED';
        let second = told === null ? last : seconds.after(told);
        if (told === null) {
          if (last === before) break;
          kind = 'STARTED';
        }
        if (second === 'later') break;
        if (second === 'gone') {
          kind = 'GAP';
          second = last;
        }
        told = second;
        yield { kind, second, ...seconds.countsOf(second, market) };
      }
    }
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}
