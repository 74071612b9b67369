import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, parse } from 'graphql';
import { schemaFolder } from './sdl.ts';

/** One of `schema/operations/*.graphql`, as the explorer shows it. */
export interface NamedOperation {
  /** Of the operation and of its file. */
  readonly name: string;
  /** The heading it stands under. */
  readonly group: string;
  /** The comment that the file begins with, as one line. */
  readonly description: string;
  /** The whole file, with its comment. */
  readonly source: string;
  /** Example variables. `<id of a track>` and the like stand where only the running catalog knows a value. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Stands in example variables for a UUID that is to be another one each time. */
export const freshUuid = '<a fresh UUID>';

/** Stands in example variables for the moment in which they are used. */
export const currentTime = '<the time now>';

// Times of day are in UTC.
const times: ReadonlyMap<string, (now: number) => number> = new Map([
  [currentTime, (now) => now],
  ['<an hour ago>', (now) => now - 3_600_000],
  ['<midnight today>', (now) => now - (now % 86_400_000)],
  ['<seven days ago>', (now) => now - 7 * 86_400_000],
]);

/**
 * The same JSON value with a UUID of its own in place of each `freshUuid`, and a time in place of each `currentTime`, `<an hour ago>`,
 * `<midnight today>` and `<seven days ago>`.
 */
export function withFreshValues<Value>(value: Value): Value {
  const now = Date.now();
  return JSON.parse(JSON.stringify(value), (_, part) => {
    if (part === freshUuid) return randomUUID();
    const time = times.get(part)?.(now);
    return time === undefined ? part : new Date(time).toISOString();
  });
}

/**
 * The named operations with their example variables, in the order of `schema/operations/examples.json`, which groups
 * them for readers.
 */
export function readOperations(): readonly NamedOperation[] {
  const groups: readonly ExampleGroup[] = JSON.parse(read('examples.json'));
  return groups.flatMap(({ title, operations }) =>
    Object.entries(operations).map(([name, variables]) => {
      const source = read(`${name}.graphql`);
      return { name, group: title, description: readLeadingComment(source), source, variables };
    }),
  );
}

/** Every file in `schema/operations/`, whether the examples name it or not. */
export function readOperationDocuments(): readonly {
  readonly file: string;
  readonly document: DocumentNode;
}[] {
  return readdirSync(join(schemaFolder, 'operations'))
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => ({ file, document: parse(read(file)) }));
}

interface ExampleGroup {
  readonly title: string;
  readonly operations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function readLeadingComment(source: string): string {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s*/, ''))
    .join(' ');
}

function read(file: string): string {
  return readFileSync(join(schemaFolder, 'operations', file), 'utf8');
}
