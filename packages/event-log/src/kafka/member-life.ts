import type { Consumer } from 'kafkajs';

export interface MemberLifeOptions {
  readonly consumer: Consumer;
  readonly group: string;
  /** How long it may show no sign of life, in milliseconds. */
  readonly silentMs: number;
  /** The same while it joins its group, if that is longer. */
  readonly joinMs: number;
  /** Told once, when it first asked for records. */
  readonly onAlive: () => void;
}

/** Whether a consumer lives. */
export interface MemberLife {
  /** Why it ended. It never rejects. */
  readonly ended: Promise<Error>;
  /** Ends it, unless it has ended. */
  end(error: Error): void;
  isOver(): boolean;
}

/** Thrown by nobody: what ends a member that shows no sign of life. */
export class SilentMemberError extends Error {
  constructor(group: string, silentMs: number) {
    super(`the consumer of ${JSON.stringify(group)} has shown no sign of life for ${silentMs} ms`);
    this.name = 'SilentMemberError';
  }
}

/** Notices when a consumer ends, also when it does so in silence: it throws nothing, and its `run` resolved long ago. */
export function watchLife({ consumer, group, silentMs, joinMs, onAlive }: MemberLifeOptions): MemberLife {
  let isOver = false;
  let isAlive = false;
  let [seenAt, beatAt] = [performance.now(), performance.now()];
  // Then there is nothing to fetch, and members may be waited for.
  let isJoining = true;
  let tell: (error: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    tell = resolve;
  });
  const end = (error: Error) => {
    isOver = true;
    clearInterval(timer);
    tell(error);
  };
  const { CRASH, FETCH, GROUP_JOIN, HEARTBEAT, REBALANCING } = consumer.events;
  consumer.on(CRASH, ({ payload }) => end(payload.error));
  consumer.on(FETCH, () => {
    seenAt = performance.now();
    if (!isAlive) onAlive();
    isAlive = true;
  });
  consumer.on(HEARTBEAT, () => {
    beatAt = performance.now();
  });
  consumer.on(REBALANCING, () => {
    isJoining = true;
    seenAt = beatAt = performance.now();
  });
  consumer.on(GROUP_JOIN, () => {
    isJoining = false;
    seenAt = beatAt = performance.now();
  });
  const timer = setInterval(() => {
    const limitMs = isJoining ? Math.max(silentMs, joinMs) : silentMs;
    if (performance.now() - Math.min(seenAt, beatAt) > limitMs) end(new SilentMemberError(group, limitMs));
  }, 1_000);
  return { ended, end, isOver: () => isOver };
}
