import type { Identity } from '@medley/identity';
import { silentLogger } from '@medley/testing';
import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSubscriptionHandler } from '../../src/subscriptions/create-subscription-handler.ts';
import type { StreamSource } from '../../src/subscriptions/shared-stream.ts';
import type { StreamObserver } from '../../src/subscriptions/stream-observer.ts';
import type { ClientStream } from '../../src/subscriptions/subscription-handler.ts';
import { openUpstream } from '../../src/subscriptions/upstream.ts';
import { createSharedPlaylist, type Told } from './shared-playlist.ts';

/** Whoever joins, leaves, lags, is cut off, or loses sight of it: each sees what he would have seen alone. */

const people = ['nobody', 'ann', 'bob', 'cem'] as const;
type Person = (typeof people)[number];

type Command =
  | { do: 'open'; who: Person; resumes: boolean }
  | { do: 'take' | 'leave'; client: number }
  | { do: 'member'; who: Person; isMember: boolean }
  | { do: 'public'; isPublic: boolean }
  | { do: 'wait'; ms: number }
  | { do: 'step'; times: number }
  | { do: 'edit' | 'break' };

const who = fc.constantFrom(...people);
const client = fc.nat(7);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), who, resumes: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('take' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), client }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('edit' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('public' as const), isPublic: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('member' as const), who, isMember: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(200) }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('step' as const), times: fc.integer({ min: 1, max: 6 }) }),
  },
);

interface Watcher {
  readonly who: Person;
  readonly openedAt: number;
  readonly after: string | undefined;
  readonly stream: ClientStream;
  readonly told: Told[];
  refusedWith: string | undefined;
  isTaking: boolean;
  left: boolean;
}

const identityOf = (person: Person): Identity => ({
  actor:
    person === 'nobody' ? { kind: 'anonymous' } : { kind: 'viewer', id: person, sessionId: 's', scopes: [] },
  market: 'DE',
  marketSource: 'ADDRESS',
  explicit: true,
  clientAddress: null,
});

const nameOf = ({ actor }: Identity) => (actor.kind === 'viewer' ? actor.id : 'anyone');

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function createWorld(scheduler: fc.Scheduler) {
  let now = 1_000;
  let upstreams = 0;
  const clock = () => now;
  const schedule = <T>(task: Promise<T>, label: string) => scheduler.schedule(task, label);
  const playlist = createSharedPlaylist(schedule, clock);
  const observe: StreamObserver = {
    opened() {},
    ended() {},
    refused() {},
    delivered() {},
    completed() {},
    upstream(_graph, streams) {
      upstreams = streams;
    },
  };
  const createSource = (identity: Identity): StreamSource => ({
    key: nameOf(identity),
    open: (after, signal, onLink) =>
      openUpstream({
        begin: (cursor) => playlist.subscribe(nameOf(identity), cursor, signal),
        after,
        signal,
        onLink,
        onMalformed() {},
        reconnectMs: Number.POSITIVE_INFINITY,
        clock,
        pause: () => schedule(Promise.resolve(), 'pause'),
        random: () => 0,
      }),
    complete: async (event) => {
      await schedule(Promise.resolve(), 'complete');
      return { value: event as never, text: JSON.stringify(event) };
    },
    mask: (errors) => errors as never,
  });
  const handler = createSubscriptionHandler({
    graph: 'whole',
    run: async (request, accept) => {
      const { who, after } = request.body as { who: Person; after: string | undefined };
      accept?.({ source: '', document, operation, variables: { after }, identity: identityOf(who) });
      return { response: undefined as never, notes: { operation: null, actor: null } };
    },
    prepare: () =>
      ({
        operation: { readAfter: ({ after }: { after?: string }) => after, readVariables: () => ({}) },
      }) as never,
    dependsOnViewer: () => false,
    createSource: ({ identity }) => createSource(identity),
    logger: silentLogger,
    observe,
    clock,
  });
  const watchers: Watcher[] = [];
  const cursors = new Map<Person, string>();
  const opening: Promise<void>[] = [];

  async function open(who: Person, resumes: boolean): Promise<void> {
    const after = resumes ? cursors.get(who) : undefined;
    const openedAt = now;
    const request = { body: { who, after }, requestId: 'r', authorization: undefined, address: undefined };
    const opened = await handler.open(request, 'websocket');
    if ('refused' in opened) return;
    const { stream } = opened;
    watchers.push({
      who,
      openedAt,
      after,
      stream,
      told: [],
      refusedWith: undefined,
      isTaking: false,
      left: false,
    });
  }

  function take(watcher: Watcher): void {
    if (watcher.isTaking || watcher.left) return;
    watcher.isTaking = true;
    void watcher.stream.results[Symbol.asyncIterator]()
      .next()
      .then(({ value }) => {
        watcher.isTaking = false;
        if (!value) return;
        const { data, errors } = value.value as unknown as {
          data?: Told;
          errors?: { extensions: { code: string } }[];
        };
        if (errors) watcher.refusedWith = errors[0]?.extensions.code;
        if (!data) return;
        watcher.told.push(data);
        cursors.set(watcher.who, String(data.to));
      });
  }

  return {
    playlist,
    watchers,
    get upstreams() {
      return upstreams;
    },
    async run(given: Command): Promise<void> {
      const watcher = 'client' in given ? watchers[given.client] : undefined;
      if (given.do === 'open') opening.push(open(given.who, given.resumes));
      else if (given.do === 'take') watcher && take(watcher);
      else if (given.do === 'leave') watcher && leave(watcher);
      else if (given.do === 'edit') playlist.edit();
      else if (given.do === 'break') playlist.breakLinks();
      else if (given.do === 'public') playlist.setPublic(given.isPublic);
      else if (given.do === 'member') playlist.setMember(given.who, given.isMember);
      else if (given.do === 'wait') {
        // What is on its way between two awaits arrives first: time passes between steps only.
        await settle();
        now += given.ms;
      } else if (given.do === 'step') {
        for (let step = 0; step < given.times; step++) {
          await settle();
          if (scheduler.count() > 0) await scheduler.waitOne();
        }
        await settle();
      }
    },
    /** Until nothing happens any more, with clients that take all there is. */
    async runDry(): Promise<void> {
      for (;;) {
        const known = watchers.length;
        const idle = watchers.filter(({ isTaking, left, stream }) => !isTaking && !left && !stream.ended);
        for (const watcher of idle) take(watcher);
        await settle();
        if (scheduler.count() > 0) await scheduler.waitOne();
        else if (watchers.length === known && idle.every(({ isTaking }) => isTaking)) break;
      }
      await Promise.all(opening);
    },
    drain: () => handler.drain(),
  };
}

const document = parse('subscription { playlistChanged(id: "1") { cursor } }');
const operation = document.definitions[0] as never;

function leave(watcher: Watcher): void {
  watcher.left = true;
  watcher.stream.close();
}

/** What holds for one stream, however it was shared. */
function check({ who, openedAt, after, told }: Watcher): void {
  let seen = after === undefined ? undefined : Number(after);
  for (const [index, { kind, from, to, readAs, readAt }] of told.entries()) {
    expect(['anyone', who]).toContain(readAs);
    expect(kind).toBe(index === 0 && after === undefined ? 'STARTED' : 'CHANGED');
    // No edit is missed, none comes twice.
    if (seen !== undefined) expect(from).toBe(seen);
    if (kind === 'CHANGED') expect(to).toBeGreaterThan(from);
    // What was read before he came is not his, but for what was read just now.
    expect(readAt).toBeGreaterThanOrEqual(openedAt - 100);
    seen = to;
  }
}

describe('clients who share streams', () => {
  it('see each what they would have seen alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(command, { minLength: 20, maxLength: 100, size: 'max' }),
        async (scheduler, commands) => {
          const world = createWorld(scheduler);
          for (const given of commands) await world.run(given);
          await world.runDry();
          const { playlist, watchers } = world;
          for (const watcher of watchers) {
            check(watcher);
            if (watcher.left) continue;
            if (playlist.isVisible(watcher.who)) {
              // He may have been told that it is gone when it was.
              if (watcher.stream.ended) expect(watcher.refusedWith).toBe('NOT_FOUND');
              else expect(watcher.told.at(-1)?.to ?? Number(watcher.after)).toBe(playlist.version);
            } else {
              expect(watcher.stream.ended).toBe('COMPLETE');
              expect(watcher.refusedWith).toBe('NOT_FOUND');
            }
          }
          // All stand at the same place now, so those who ask for the same have one stream.
          expect(playlist.readers).toHaveLength(new Set(playlist.readers).size);
          expect(playlist.readers).toHaveLength(world.upstreams);
          for (const watcher of watchers) leave(watcher);
          await world.runDry();
          expect(world.upstreams).toBe(0);
          expect(playlist.readers).toEqual([]);
          await world.drain();
        },
      ),
      { numRuns: 500 },
    );
  });
});
