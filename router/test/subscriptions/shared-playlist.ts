import { LinkError, type LinkEvent, type LinkSubscription } from '@medley/subgraph-link';

/** What the model tells of a playlist with edits 1, 2, 3 …: the edits since the event before. */
export interface Told {
  readonly kind: 'STARTED' | 'CHANGED';
  /** The edits of this event are those behind `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  /** On whose behalf it was read: `anyone`, or an account. */
  readonly readAs: string;
  /** When it was read. */
  readonly readAt: number;
}

/**
 * A playlist and its streams as a subgraph would run them: each looks at the present state when it is asked for an event. Everything that takes time in
 * reality waits for `schedule`.
 */
export function createSharedPlaylist(
  schedule: <T>(task: Promise<T>, label: string) => Promise<T>,
  clock: () => number,
) {
  let version = 0;
  let isPublic = true;
  const members = new Set<string>(['ann']);
  const readers = new Set<{ who: string; wake(): void; isBroken: boolean }>();
  const wakeAll = () => {
    for (const reader of readers) reader.wake();
  };
  const isVisible = (who: string) => isPublic || members.has(who);
  const gone = JSON.stringify({ errors: [{ message: 'gone', extensions: { code: 'NOT_FOUND' } }] });

  async function* read(
    who: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<LinkEvent> {
    let seen = after === undefined ? undefined : Number(after);
    let wake = () => {};
    const reader = { who, wake: () => wake(), isBroken: false };
    const onAbort = () => wake();
    readers.add(reader);
    signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        await schedule(Promise.resolve(), `look ${who}`);
        while (isVisible(who) && seen === version && !signal.aborted && !reader.isBroken) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (signal.aborted) return;
        if (reader.isBroken) throw new LinkError('UPSTREAM_UNAVAILABLE', 'broken by the test');
        if (!isVisible(who)) {
          yield { body: gone, replaces: false };
          return;
        }
        const told: Told = {
          kind: seen === undefined ? 'STARTED' : 'CHANGED',
          from: seen ?? version,
          to: version,
          readAs: who,
          readAt: clock(),
        };
        seen = version;
        yield { body: JSON.stringify({ data: told }), cursor: String(version), replaces: false };
      }
    } finally {
      readers.delete(reader);
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    get version() {
      return version;
    },
    /** On whose behalf streams are read, the one name as often as there are streams. */
    get readers() {
      return [...readers].map((reader) => reader.who);
    },
    isVisible,
    edit() {
      version += 1;
      wakeAll();
    },
    setPublic(value: boolean) {
      isPublic = value;
      wakeAll();
    },
    setMember(who: string, isMember: boolean) {
      if (isMember) members.add(who);
      else members.delete(who);
      wakeAll();
    },
    breakLinks() {
      for (const reader of readers) reader.isBroken = true;
      wakeAll();
    },
    async subscribe(who: string, after: string | undefined, signal: AbortSignal): Promise<LinkSubscription> {
      await schedule(Promise.resolve(), `begin ${who}`);
      return isVisible(who) ? { events: read(who, after, signal) } : { refusal: gone };
    },
  };
}
