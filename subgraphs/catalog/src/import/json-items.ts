import { createReadStream } from 'node:fs';
import { createItemScanner, type JsonItem } from './json-item-scanner.ts';

/**
 * Reads a file that holds one JSON array, item by item, a part of the file at a time. An item that is no JSON is
 * reported and the next one read, as long as its brackets are in pairs.
 * @throws UnusableSourceError when the file holds no array
 */
export async function* readJsonItems(path: string): AsyncGenerator<JsonItem> {
  const scanner = createItemScanner(path);
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>)
    yield* scanner.scan(chunk);
  yield* scanner.end();
}
