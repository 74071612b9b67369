import { SharedStream, type StreamListener, type StreamSource, type Subscriber } from './shared-stream.ts';
import type { ShownErrors } from './streamed-result.ts';
import type { StreamedResult } from './subscription-handler.ts';

export interface SharedStreamsOptions {
  /** How old an event may be that a newcomer is given, in milliseconds: it was read before he asked. */
  readonly maxAgeMs: number;
  /** Milliseconds since any fixed moment; it never goes back. */
  readonly clock: () => number;
  /** Told how many streams of subgraphs run. */
  readonly onCount: (streams: number) => void;
}

/** Lets all who would be given the same share it. */
export interface SharedStreams {
  /**
   * Puts a client on a stream of this source: on one that runs, where that has told nothing yet that he should have and will not, else on a new one.
   * @returns why he was refused; empty when he was not
   */
  join(source: StreamSource, after: string | undefined, subscriber: Subscriber): Promise<ShownErrors>;
  /** Resolves when no stream of a subgraph runs. */
  whenIdle(): Promise<void>;
}

/** The streams of one key. */
interface Group {
  /** How many there are. */
  streams: number;
  /** Begun at now, and has told nothing yet. */
  fresh: SharedStream | undefined;
  /** Equal cursors are equal positions. One stands at each, but for those that cannot take over the clients of another yet. */
  readonly byPosition: Map<string, Set<SharedStream>>;
  /** What a first event told, and where that was. */
  first: { readonly cursor: string; readonly result: StreamedResult; readonly cameAt: number } | undefined;
}

export function createSharedStreams({ maxAgeMs, clock, onCount }: SharedStreamsOptions): SharedStreams {
  const groups = new Map<string, Group>();
  const running = new Set<SharedStream>();

  const listener: StreamListener = {
    onAdvanced(stream, from, result, cameAt) {
      const group = groups.get(stream.source.key);
      const { position } = stream;
      if (!group || position === undefined) return;
      if (group.fresh === stream) group.fresh = undefined;
      if (from === undefined) group.first = { cursor: position, result, cameAt };
      else removeFrom(stream, from, group);
      addAt(stream, position, group);
      mergeAt(position, group);
    },
    onReady({ source, position }) {
      const group = groups.get(source.key);
      if (group && position !== undefined) mergeAt(position, group);
    },
    onClosed(stream) {
      const group = groups.get(stream.source.key);
      if (!group) return;
      if (group.fresh === stream) group.fresh = undefined;
      if (stream.position !== undefined) removeFrom(stream, stream.position, group);
      group.streams -= 1;
      if (group.streams === 0) groups.delete(stream.source.key);
    },
  };

  function addAt(stream: SharedStream, position: string, { byPosition }: Group): void {
    const there = byPosition.get(position);
    if (there) there.add(stream);
    else byPosition.set(position, new Set([stream]));
  }

  function removeFrom(stream: SharedStream, position: string, { byPosition }: Group): void {
    const there = byPosition.get(position);
    there?.delete(stream);
    if (there?.size === 0) byPosition.delete(position);
  }

  /** Where several stand, one goes on with the clients of all, if one can. */
  function mergeAt(position: string, { byPosition }: Group): void {
    const there = [...(byPosition.get(position) ?? [])];
    if (there.length < 2) return;
    const [kept] = there
      .filter((stream) => stream.isLive && isJoinable(stream))
      .sort((a, b) => b.subscribers.size - a.subscribers.size);
    if (!kept) return;
    for (const stream of there) if (stream !== kept) stream.moveTo(kept);
  }

  function begin(source: StreamSource, after: string | undefined, group: Group): SharedStream {
    group.streams += 1;
    const stream = new SharedStream(source, after, listener, clock);
    if (after === undefined) group.fresh = stream;
    else addAt(stream, after, group);
    running.add(stream);
    onCount(running.size);
    void stream.finished.finally(() => {
      running.delete(stream);
      onCount(running.size);
    });
    return stream;
  }

  function groupOf(key: string): Group {
    const known = groups.get(key);
    if (known) return known;
    const group: Group = { streams: 0, fresh: undefined, byPosition: new Map(), first: undefined };
    groups.set(key, group);
    return group;
  }

  const isRecent = (cameAt: number) => clock() - cameAt <= maxAgeMs;

  /** Whether what it tells next was read late enough for somebody who comes now. */
  const isJoinable = ({ isPaused, completingSince }: SharedStream) =>
    !isPaused && (completingSince === undefined || isRecent(completingSince));

  function findJoinable(
    streams: Iterable<SharedStream> = [],
    isFit = (_stream: SharedStream) => true,
  ): SharedStream | undefined {
    for (const stream of streams) if (isFit(stream) && isJoinable(stream)) return stream;
    return undefined;
  }

  /** A stream that goes on from a first event for somebody who begins at now. Where others were given one just now, he is given the same. */
  function findForNow({ first, fresh, byPosition }: Group, subscriber: Subscriber): SharedStream | undefined {
    if (first && isRecent(first.cameAt)) {
      // One that may still be refused cannot follow what he was given.
      const stream = findJoinable(byPosition.get(first.cursor), ({ isLive }) => isLive);
      if (stream) {
        subscriber.queue.push(first.result, false);
        return stream;
      }
    }
    return fresh && isJoinable(fresh) ? fresh : undefined;
  }

  return {
    join(source, after, subscriber) {
      const group = groupOf(source.key);
      const known =
        after === undefined ? findForNow(group, subscriber) : findJoinable(group.byPosition.get(after));
      const stream = known ?? begin(source, after, group);
      stream.join(subscriber);
      return stream.begun;
    },
    async whenIdle() {
      while (running.size > 0) await Promise.all([...running].map((stream) => stream.finished));
    },
  };
}
