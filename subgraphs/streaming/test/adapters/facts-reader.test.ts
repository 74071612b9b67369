import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createHttpLink,
  createInProcessLink,
  LinkError,
  type LinkRequest,
  type SubgraphLink,
} from '@medley/subgraph-link';
import { createTestVerifier, silentLogger, testServiceKeys } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createLinkAccountFacts } from '../../src/adapters/link-account-facts.ts';
import { createLinkCatalogFacts } from '../../src/adapters/link-catalog-facts.ts';
import { FactsUnavailableError } from '../../src/domain/facts.ts';
import { trackId } from '../cases.ts';

const fact = (id: string) => ({
  id,
  withdrawn: false,
  releasedAt: '2026-11-20T00:00:00.000Z',
  availableMarkets: ['DE'],
  availableMarketsUntil: null,
  explicit: false,
  durationMs: 1_000,
  encodings: ['LOW'],
  version: 1,
  alternatives: [],
});
const ids = [trackId('1'), trackId('2'), trackId('3')];
const inTime = () => ({ requestId: 'r1', deadline: Date.now() + 5_000 });

type Send = (request: LinkRequest, asked: readonly string[]) => Promise<unknown> | unknown;

/** A catalog behind a link that answers as told; it remembers what it was asked. */
function catalogThat(send: Send, timeoutMs?: number) {
  const requests: LinkRequest[] = [];
  const link: SubgraphLink = {
    async send(request) {
      requests.push(request);
      const answer = await send(request, JSON.parse(request.body).variables.ids);
      return { body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
    },
    close: async () => {},
  };
  const facts = createLinkCatalogFacts({ link, keys: testServiceKeys, logger: silentLogger, timeoutMs });
  return { find: (some = ids, request = inTime()) => facts.findByIds(some, request), requests };
}
const answering = (entries: (asked: readonly string[]) => unknown): Send => {
  return (_, asked) => ({ data: { entries: entries(asked) } });
};

describe('catalog facts over a link', () => {
  it('come in the order of the ids, with null for an unknown one', async () => {
    const { find } = catalogThat(
      answering(([first, , third]) => [fact(first as string), null, fact(third as string)]),
    );
    const [first, second, third] = await find();
    expect(first).toMatchObject({ id: ids[0], releasedAt: new Date('2026-11-20T00:00:00.000Z') });
    expect(second).toBeNull();
    expect(third?.id).toBe(ids[2]);
  });

  it('are the right ones also when the answer is in another order', async () => {
    const { find } = catalogThat(answering((asked) => asked.toReversed().map(fact)));
    expect((await find()).map((entry) => entry?.id)).toEqual(ids);
  });

  it('are asked for in the name of the service, signed for this body and this subgraph', async () => {
    const { find, requests } = catalogThat(answering((asked) => asked.map(fact)));
    await find();
    const verifier = createTestVerifier('catalog');
    const [{ identity, body }] = requests as [LinkRequest];
    expect(verifier.verify(identity, body)).toMatchObject({
      actor: { kind: 'service', id: 'streaming' },
      requestId: 'r1',
    });
  });

  it('are asked for 250 at a time', async () => {
    const { find, requests } = catalogThat(answering((asked) => asked.map(fact)));
    const many = Array.from({ length: 600 }, (_, index) => trackId(String(index)));
    expect((await find(many)).map((entry) => entry?.id)).toEqual(many);
    expect(requests.map(({ body }) => JSON.parse(body).variables.ids.length)).toEqual([250, 250, 100]);
  });

  it('leave out qualities that are not known here', async () => {
    const { find } = catalogThat(
      answering((asked) => asked.map((id) => ({ ...fact(id), encodings: ['SPATIAL', 'LOW'] }))),
    );
    expect((await find())[0]?.encodings).toEqual(['LOW']);
  });

  it('are asked for once more, with a signature of its own, when the connection failed', async () => {
    let failures = 1;
    const { find, requests } = catalogThat((request, asked) => {
      if (failures-- > 0) throw new LinkError('UPSTREAM_UNAVAILABLE', 'other side closed', undefined, true);
      return answering((some) => some.map(fact))(request, asked);
    });
    expect(await find()).toHaveLength(3);
    expect(requests).toHaveLength(2);
    expect(requests[0]?.identity).not.toBe(requests[1]?.identity);
  });

  it('are asked for once when catalog answered, but with status 500', async () => {
    const { find, requests } = catalogThat(() => {
      throw new LinkError('UPSTREAM_UNAVAILABLE', 'catalog answered with status 500');
    });
    await expect(find()).rejects.toThrow(FactsUnavailableError);
    expect(requests).toHaveLength(1);
  });

  it('are read from the replica that is there, when one hangs up on the first request', async () => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else
        request.resume().on('end', () => response.end(JSON.stringify({ data: { entries: ids.map(fact) } })));
    });
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
    });
    const link = createHttpLink({ url: `http://127.0.0.1:${port}/graphql` });
    try {
      const facts = createLinkCatalogFacts({ link, keys: testServiceKeys, logger: silentLogger });
      expect(await facts.findByIds(ids, inTime())).toHaveLength(3);
      expect(requests).toBe(2);
    } finally {
      await link.close();
      server.close();
    }
  });

  it.each<[string, Send]>([
    ['a dead catalog', () => Promise.reject(new LinkError('UPSTREAM_UNAVAILABLE', 'refused'))],
    ['text that is no JSON', () => '<html>Bad gateway</html>'],
    ['null', () => 'null'],
    ['no data', () => ({ errors: [{ message: 'no' }], data: null })],
    ['errors beside data', () => ({ errors: [{ message: 'no' }], data: { entries: [null, null, null] } })],
    ['a shorter list', answering((asked) => asked.slice(1).map(fact))],
    ['one entry too many', answering((asked) => [...asked, trackId('99')].map(fact))],
    ['a longer list', answering((asked) => [...asked.map(fact), null])],
    ['the same entry twice', answering(([id]) => [id, id, id].map((same) => fact(same as string)))],
    [
      'an entry that was not asked for',
      answering(([a, b]) => [a, b, trackId('99')].map((id) => fact(id as string))),
    ],
    [
      'a market that is none',
      answering((asked) => asked.map((id) => ({ ...fact(id), availableMarkets: ['*'] }))),
    ],
    ['a date that is none', answering((asked) => asked.map((id) => ({ ...fact(id), releasedAt: 'soon' })))],
    ['a missing field', answering((asked) => asked.map((id) => ({ ...fact(id), withdrawn: undefined })))],
    [
      'a field of another type',
      answering((asked) => asked.map((id) => ({ ...fact(id), withdrawn: 'false' }))),
    ],
  ])('are unavailable, and never guessed, after %s', async (_, send) => {
    await expect(catalogThat(send).find()).rejects.toThrow(FactsUnavailableError);
  });

  it('are given up when catalog hangs, after the time they are worth', async () => {
    const hangs = createInProcessLink('catalog', { execute: () => new Promise(() => {}) });
    const facts = createLinkCatalogFacts({
      link: hangs,
      keys: testServiceKeys,
      logger: silentLogger,
      timeoutMs: 60,
    });
    const start = performance.now();
    await expect(facts.findByIds(ids, inTime())).rejects.toThrow(FactsUnavailableError);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('are given up before the client stops waiting, and not asked for when it is too late', async () => {
    const { find, requests } = catalogThat(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const deadline = Date.now() + 150;
    await expect(find(ids, { requestId: 'r1', deadline })).rejects.toThrow(FactsUnavailableError);
    expect(Date.now()).toBeLessThan(deadline);
    await expect(find(ids, { requestId: 'r1', deadline: Date.now() - 1 })).rejects.toThrow(
      FactsUnavailableError,
    );
    expect(requests).toHaveLength(1);
  });
});

describe('account facts over a link', () => {
  const account = {
    id: 'user_1',
    tier: 'PREMIUM',
    country: 'DE',
    allowsExplicit: true,
    active: true,
    version: 3,
  };
  const usersThat = (facts: unknown) =>
    createLinkAccountFacts({
      link: {
        send: async () => ({ body: JSON.stringify({ data: { entries: facts } }) }),
        close: async () => {},
      },
      keys: testServiceKeys,
      logger: silentLogger,
    }).findByIds(['user_1'], inTime());

  it('are what users says', async () => {
    expect(await usersThat([account])).toEqual([account]);
    expect(await usersThat([null])).toEqual([null]);
  });

  it('are unavailable with a tier that is not known here', async () => {
    await expect(usersThat([{ ...account, tier: 'PLATINUM' }])).rejects.toThrow(FactsUnavailableError);
  });

  it('are unavailable when they are of another account', async () => {
    await expect(usersThat([{ ...account, id: 'user_2' }])).rejects.toThrow(FactsUnavailableError);
  });
});
