import { createCursors } from '@medley/connection';
import type { EventLogAdmin } from '@medley/event-log';
import type { Actor } from '@medley/identity';
import { encodeId, type IdKind, importedUuid } from '@medley/ids';
import { createTestCaller, createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { createApp } from '../src/app.ts';
import { createListenerSketch } from '../src/domain/listener-sketch.ts';
import { type Counting, openCounting } from './counting.ts';

/** Analytics on a fresh database, with its subgraph, at noon of a Monday: the first of June 2026, and half a minute. */
export interface Asking extends Counting {
  /** Asks as an analyst. @throws Error when the answer has errors */
  analyst<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Asks as an analyst for what is refused. @returns the message and the extensions of the one error */
  refused(query: string, variables?: Record<string, unknown>): Promise<Refused>;
  readonly ask: ReturnType<typeof createTestCaller>['ask'];
  /** Asks another process, which has nothing in its caches. */
  freshAsk(): Promise<ReturnType<typeof createTestCaller>['ask']>;
  /** What the log says of the positions of a group. */
  positions: EventLogAdmin['positions'];
}

interface Refused {
  readonly message: string;
  readonly code: string;
  readonly cost?: number;
  readonly limit?: number;
}

export const now = new Date('2026-06-01T12:00:30.000Z');

async function* nothing(): AsyncGenerator<never, void> {}

const actor: Actor = { kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['analytics:read'] };

export async function openAsking(): Promise<Asking> {
  const counting = await openCounting();
  const closing: (() => Promise<void>)[] = [counting.close];
  const start = async () => {
    const app = await createApp({
      ...counting,
      log: {
        admin: { positions: (...given: never) => asking.positions(...(given as [never, never])) },
      } as never,
      live: { plays: nothing, playCount: nothing },
      cursors: createCursors(testKeys),
      identity: createTestVerifier('analytics'),
      logger: silentLogger,
      clock: () => now.getTime(),
    });
    closing.unshift(() => app.stop());
    return createTestCaller(app).ask;
  };
  const ask = await start();
  const asking: Asking = {
    ...counting,
    ask,
    freshAsk: start,
    positions: async () => [],
    async analyst(query, variables) {
      const { data, errors } = await ask(query, variables, { actor });
      if (errors) throw new Error(JSON.stringify(errors));
      return data as never;
    },
    async refused(query, variables) {
      const { errors = [] } = await ask(query, variables, { actor });
      const [error] = errors;
      if (!error || errors.length > 1) throw new Error(`expected one error, got ${JSON.stringify(errors)}`);
      return { message: error.message, ...(error.extensions as { code: string }) };
    },
    async close() {
      for (const close of closing) await close();
    },
  };
  return asking;
}

/** The UUID that stands for a name in a test. */
export const uuid = (kind: IdKind, name: string): string => importedUuid('test', kind, name);
export const publicId = (kind: IdKind, name: string): string => encodeId(kind, uuid(kind, name));

/** Catalog tracks as the consumer keeps them, by name. */
export const catalogTrack = (
  name: string,
  {
    artists = [],
    explicit = false,
    withdrawn = false,
    markets = ['BR', 'DE', 'US'],
  }: Partial<CatalogTrack> = {},
) => ({
  id: publicId('track', name),
  version: 1,
  artistIds: artists.map((artist) => publicId('artist', artist)),
  explicit,
  withdrawn,
  markets,
});

interface CatalogTrack {
  readonly artists: readonly string[];
  readonly explicit: boolean;
  readonly withdrawn: boolean;
  readonly markets: readonly string[];
}

/** A sketch of these accounts. */
export function sketchOf(from: number, to: number): Uint8Array<ArrayBuffer> {
  const sketch = createListenerSketch();
  for (let account = from; account < to; account += 1)
    sketch.add(Buffer.from(uuid('user', `account ${account}`).replaceAll('-', ''), 'hex'));
  return new Uint8Array(sketch.toBytes());
}

export const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);
