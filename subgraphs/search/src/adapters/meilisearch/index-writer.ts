import { randomUUID } from 'node:crypto';
import type { EnqueuedTaskPromise, Meilisearch } from 'meilisearch';
import { documentKinds, type SearchDocument } from '../../domain/search-document.ts';
import {
  type FreshIndex,
  type IndexChanges,
  IndexUnavailableError,
  type IndexWriter,
  NothingBuiltError,
} from '../../domain/search-index.ts';
import { type IndexNames, type Part, parts } from './index-names.ts';
import { aboutDocument, positionDocuments, readState, type StateDocument } from './index-state.ts';
import { asking, done, isMissingIndex } from './server.ts';
import { documentSettings, type StoredDocument, storedDocument } from './stored-document.ts';

export interface MeilisearchWriterOptions {
  readonly server: Meilisearch;
  readonly names: IndexNames;
  /** How long the server may take for one task. */
  readonly taskTimeoutMs: number;
  /** After which a search is answered with what was found until then. */
  readonly cutoffMs: number;
}

/** How many tasks a rebuild lets wait: the server takes them together, but keeps them on disk until then. */
const mostWaiting = 20;

/**
 * Meilisearch takes changes as tasks and does them later, one after another. A position goes in once the tasks before it
 * are done, because one that fails would leave a hole behind it.
 */
export function createMeilisearchWriter({
  server,
  names,
  taskTimeoutMs,
  cutoffMs,
}: MeilisearchWriterOptions): { writer: IndexWriter; remove(): Promise<void> } {
  const finished = (tasks: readonly EnqueuedTaskPromise[]) => done(tasks, taskTimeoutMs);
  const indexOf = (name: string) => server.index<StoredDocument>(name);
  const stateOf = (name: string) => server.index<StateDocument>(name);

  /** @param nameOf the index of a kind */
  function enqueue({ put, remove }: IndexChanges, nameOf: (part: Part) => string): EnqueuedTaskPromise[] {
    const tasks: EnqueuedTaskPromise[] = [];
    for (const kind of documentKinds) {
      const documents = put.filter((document: SearchDocument) => document.kind === kind).map(storedDocument);
      const ids = remove.filter((id) => id.startsWith(`${kind}_`));
      if (documents.length > 0)
        tasks.push(indexOf(nameOf(kind)).addDocuments(documents, { primaryKey: 'id' }));
      if (ids.length > 0) tasks.push(indexOf(nameOf(kind)).deleteDocuments(ids));
    }
    return tasks;
  }

  async function create(nameOf: (part: Part) => string, wanted: readonly Part[]): Promise<void> {
    const created = wanted.map((part) => server.createIndex(nameOf(part), { primaryKey: 'id' }));
    // Settings that arrive first would make the index by themselves.
    await asking(() => Promise.all(created));
    const set = documentKinds
      .filter((kind) => wanted.includes(kind))
      .map((kind) => indexOf(nameOf(kind)).updateSettings(documentSettings(cutoffMs)));
    await finished([...created, ...set]);
  }

  async function namesOnServer(): Promise<string[]> {
    const found: string[] = [];
    for (let total = 1; found.length < total; ) {
      const page = await asking(() => server.getRawIndexes({ offset: found.length, limit: 100 }));
      if (page.results.length === 0) break;
      found.push(...page.results.map(({ uid }) => uid));
      total = page.total;
    }
    return found;
  }

  async function removeIndexes(which: (name: string) => boolean): Promise<void> {
    const present = await namesOnServer();
    await finished(present.filter(which).map((name) => server.deleteIndex(name)));
  }

  function freshIndex(generation: string): FreshIndex {
    const nameOf = (part: Part) => names.fresh(part, generation);
    const waiting: Promise<void>[] = [];
    let positions = {};

    /** To write to an index that is gone would bring it back. */
    async function checkThere(): Promise<void> {
      try {
        await asking(() => server.getRawIndex(nameOf('state')));
      } catch (error) {
        if (!isMissingIndex(error)) throw error;
        throw new IndexUnavailableError('This rebuild was thrown away: another one was begun after it');
      }
    }

    return {
      async write(changes) {
        await checkThere();
        const tasks = enqueue(changes, nameOf);
        // In the queue before anything else is asked for, as it goes by the order of arrival.
        await asking(() => Promise.all(tasks));
        const task = finished(tasks);
        // Its failure is met where it is waited for.
        task.catch(() => {});
        waiting.push(task);
        if (waiting.length > mostWaiting) await waiting.shift();
        positions = { ...positions, ...changes.positions };
      },
      async swap() {
        await checkThere();
        for (const task of waiting.splice(0)) await task;
        const documents = [aboutDocument(generation, new Date()), ...positionDocuments(positions)];
        await finished([stateOf(nameOf('state')).addDocuments(documents, { primaryKey: 'id' })]);
        const present = new Set(await namesOnServer());
        await create(
          names.live,
          parts.filter((part) => !present.has(names.live(part))),
        );
        await finished([
          server.swapIndexes(
            parts.map((part) => ({ indexes: [names.live(part), nameOf(part)], rename: false })),
          ),
        ]);
        await removeIndexes(names.isFresh);
      },
      async discard() {
        await Promise.allSettled(waiting.splice(0));
        await removeIndexes((name) => parts.some((part) => name === nameOf(part)));
      },
    };
  }

  const writer: IndexWriter = {
    readState: () => readState(server, names),
    async write(changes) {
      const { generation } = await readState(server, names);
      if (generation === null) throw new NothingBuiltError();
      await finished(enqueue(changes, names.live));
      const documents = positionDocuments(changes.positions);
      if (documents.length > 0) await finished([stateOf(names.live('state')).addDocuments(documents)]);
    },
    async beginRebuild() {
      await removeIndexes(names.isFresh);
      const generation = randomUUID();
      await create((part) => names.fresh(part, generation), parts);
      return freshIndex(generation);
    },
  };
  return {
    writer,
    remove: () =>
      removeIndexes((name) => names.isFresh(name) || parts.some((part) => name === names.live(part))),
  };
}
