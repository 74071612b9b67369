import { createIdentityVerifier, type Identity } from '@medley/identity';
import { createLogger } from '@medley/service';
import { LinkError, type LinkRequest, type LinkSubscription } from '@medley/subgraph-link';
import { testKeys } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import type { Asker } from '../src/context.ts';
import { createSubgraphCaller } from '../src/subgraph-caller.ts';

const identity: Identity = {
  actor: { kind: 'viewer', id: 'user_1', sessionId: 'session_1', scopes: [] },
  market: 'DE',
  marketSource: 'ADDRESS',
  explicit: true,
  clientAddress: '203.0.113.7',
};
const request = { query: 'subscription { livePlays { plays } }' };

function open(begin: (request: LinkRequest, attempt: number) => Promise<LinkSubscription>) {
  const asked: LinkRequest[] = [];
  const outcomes: string[] = [];
  const lines: string[] = [];
  const caller = createSubgraphCaller({
    name: 'analytics',
    link: {
      send: () => Promise.reject(new Error('nobody asks')),
      subscribe(request) {
        asked.push(request);
        return begin(request, asked.length);
      },
      close: async () => {},
    },
    keys: testKeys,
    reads: ['actor', 'market'],
    timeoutMs: 200,
    logger: createLogger('router', 'warn', { write: (line) => lines.push(line) }),
    observe: (_, outcome) => outcomes.push(outcome),
    clock: Date.now,
  });
  const left = new AbortController();
  const asker: Asker = { requestId: 'request-1', identity, deadline: Date.now() + 5_000 };
  return {
    asked,
    outcomes,
    lines,
    left,
    subscribe: () => caller.subscribe(request, asker, left.signal),
  };
}

async function* events(...cursors: string[]) {
  for (const cursor of cursors) yield { body: '{}', cursor, replaces: false };
}

describe('a subscription of a subgraph', () => {
  it('is signed with what the subgraph reads, and goes on after the time that its beginning has', async () => {
    const { asked, outcomes, subscribe } = open(async () => ({ events: events('c1', 'c2') }));
    const begun = await subscribe();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(asked[0]?.signal.aborted).toBe(false);
    const cursors: unknown[] = [];
    if ('events' in begun) for await (const { cursor } of begun.events) cursors.push(cursor);
    expect([cursors, outcomes]).toEqual([['c1', 'c2'], ['ok']]);
    const verifier = createIdentityVerifier({ audience: 'analytics', keys: testKeys });
    const claims = verifier.verify(asked[0]?.identity, asked[0]?.body ?? '');
    expect(claims).toMatchObject({ actor: identity.actor, market: 'DE', requestId: 'request-1' });
    expect(claims).not.toHaveProperty('clientAddress');
  });

  it('is refused as the subgraph refuses it', async () => {
    const refusal = '{"errors":[{"message":"no","extensions":{"code":"NOT_FOUND"}}]}';
    const { outcomes, subscribe } = open(async () => ({ refusal }));
    expect(await subscribe()).toEqual({ refusal });
    expect(outcomes).toEqual(['errors']);
  });

  it.each(['{"data":{}}', '{"data":null}', 'no JSON'])(
    'cannot be begun when it is answered with %s',
    async (refusal) => {
      const { outcomes, subscribe } = open(async () => ({ refusal }));
      await expect(subscribe()).rejects.toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
      expect(outcomes).toEqual(['UPSTREAM_UNAVAILABLE']);
    },
  );

  it('is given up when it does not begin in time', async () => {
    const { subscribe } = open(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () =>
            reject(new LinkError('UPSTREAM_TIMEOUT', 'late at 10.0.0.7')),
          ),
        ),
    );
    await expect(subscribe()).rejects.toMatchObject({
      message: 'The subgraph analytics did not answer in time.',
      extensions: { code: 'UPSTREAM_TIMEOUT' },
    });
  });

  it('is begun once more, signed anew, when the connection failed', async () => {
    const { asked, subscribe } = open(async (_, attempt) => {
      if (attempt === 1) throw new LinkError('UPSTREAM_UNAVAILABLE', 'closed', undefined, true);
      return { events: events('c1') };
    });
    expect(await subscribe()).toHaveProperty('events');
    expect(new Set(asked.map(({ identity }) => identity)).size).toBe(2);
  });

  it('is ended by who asked, and then keeps nothing of him', async () => {
    const { asked, left, subscribe } = open(async () => ({ events: events('c1') }));
    await subscribe();
    left.abort();
    expect(asked[0]?.signal.aborted).toBe(true);
  });

  it('is not begun for who has left already', async () => {
    const { asked, left, subscribe } = open(async () => ({ events: events() }));
    left.abort();
    await expect(subscribe()).rejects.toThrow();
    expect(asked).toHaveLength(0);
  });

  it('that is left while it is begun is no failure of the subgraph', async () => {
    const { asked, left, lines, outcomes, subscribe } = open(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new LinkError('UPSTREAM_TIMEOUT', 'left'))),
        ),
    );
    const begun = subscribe();
    left.abort();
    await expect(begun).rejects.toThrow();
    expect([asked.length, outcomes, lines]).toEqual([1, ['left'], []]);
  });

  it('is logged when it breaks off', async () => {
    const { lines, subscribe } = open(async () => ({
      events: (async function* () {
        yield* events('c1');
        throw new LinkError('UPSTREAM_UNAVAILABLE', 'the other side closed');
      })(),
    }));
    const begun = await subscribe();
    const read = async () => {
      if ('events' in begun) for await (const _ of begun.events);
    };
    await expect(read()).rejects.toMatchObject({ name: 'LinkError' });
    expect(lines.join('')).toContain('a subgraph broke off a subscription');
    expect(lines.join('')).toContain('request-1');
  });
});
