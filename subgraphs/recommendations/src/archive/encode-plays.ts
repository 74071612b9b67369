import { setImmediate } from 'node:timers/promises';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ArchivedPlay } from '../domain/archived-play.ts';
import { type ColumnType, type PlayColumn, playColumns } from './play-columns.ts';

/** In the form that readers parse: from others some do not believe the least and greatest values. */
const createdBy = 'medley version 1.0.0 (build 1)';
/** Everything else in the process waits while one is encoded. */
const rowGroupSize = 10_000;

/**
 * The content of a file: Parquet, each column compressed by Snappy, with a dictionary where values repeat. Of the same plays it is the
 * same, byte for byte. In memory are what is written, compressed, and one group of 10,000 plays.
 */
export async function encodePlays(pages: AsyncIterable<readonly ArchivedPlay[]>): Promise<EncodedPlays> {
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy });
  let group: ArchivedPlay[] = [];
  let plays = 0;
  const writeGroup = async () => {
    const columnData = playColumns.map(({ name, field }) => ({
      name,
      data: group.map((play) => play[field]),
    }));
    await writer.write({ columnData, rowGroupSize });
    plays += group.length;
    group = [];
  };
  for await (const page of pages) {
    for (const play of page) {
      group.push(play);
      if (group.length < rowGroupSize) continue;
      await writeGroup();
      await setImmediate();
    }
  }
  if (group.length > 0) await writeGroup();
  await writer.finish();
  return { content: bytes.getBytes(), plays };
}

export interface EncodedPlays {
  readonly content: Uint8Array;
  readonly plays: number;
}

const elementTypes: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  integer: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
};

const toElement = ({ name, type, nullable }: PlayColumn): SchemaElement => ({
  name,
  ...elementTypes[type],
  repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED',
});

const schema: SchemaElement[] = [
  { name: 'play', num_children: playColumns.length },
  ...playColumns.map(toElement),
];
