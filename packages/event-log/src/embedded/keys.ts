/**
 * What is stored under which key. Numbers are big-endian, so that keys sort as their numbers do: a partition is a range, oldest
 * record first.
 *
 * | key                                  | value                                             |
 * | ------------------------------------ | ------------------------------------------------- |
 * | `t` topic's name                     | JSON: number, partitions, retentionMs             |
 * | `r` topic, partition, offset         | a record                                          |
 * | `h` topic, partition                 | the next offset, the time of the last record      |
 * | `l` topic, partition                 | the first offset that is kept                     |
 * | `c` topic, partition                 | up to where it is compacted                       |
 * | `k` topic, partition, record's key   | compacted topics: the offset of the key's record  |
 * | `x` topic, partition, offset         | compacted topics: the key of a tombstone          |
 * | `g` length, group, topic, partition  | the next offset to be consumed                    |
 */
type Kind = 't' | 'r' | 'h' | 'l' | 'c' | 'k' | 'x' | 'g';

/** A partition by the number of its topic and its own. */
export interface Lane {
  readonly topicNumber: number;
  readonly partition: number;
}

export const topicKey = (name: string) => Buffer.from(`t${name}`);
export const nameOfTopicKey = (key: Buffer) => key.toString('utf8', 1);

/** @param kind `h`, `l` or `c` */
export function laneKey(kind: 'h' | 'l' | 'c', lane: Lane): Buffer {
  return startOf(kind, lane, 0);
}

export function recordKey(lane: Lane, offset: bigint): Buffer {
  const key = startOf('r', lane, 8);
  key.writeBigUInt64BE(offset, laneEnd);
  return key;
}
export const offsetOfRecordKey = (key: Buffer) => key.readBigUInt64BE(laneEnd);

export function tombstoneKey(lane: Lane, offset: bigint): Buffer {
  const key = startOf('x', lane, 8);
  key.writeBigUInt64BE(offset, laneEnd);
  return key;
}
export const offsetOfTombstoneKey = (key: Buffer) => key.readBigUInt64BE(laneEnd);

/** @param key of a record */
export function latestKey(lane: Lane, key: string): Buffer {
  return Buffer.concat([startOf('k', lane, 0), Buffer.from(key)]);
}

export function groupKey(group: string, { topicNumber, partition }: Lane): Buffer {
  const name = Buffer.from(group);
  const key = Buffer.allocUnsafe(3 + name.length + 6);
  key.write('g', 'latin1');
  key.writeUInt16BE(name.length, 1);
  name.copy(key, 3);
  key.writeUInt32BE(topicNumber, 3 + name.length);
  key.writeUInt16BE(partition, 7 + name.length);
  return key;
}

/** All keys of a kind. */
export const rangeOf = (kind: Kind) => ({
  gte: Buffer.from(kind),
  lt: Buffer.from(String.fromCharCode(kind.charCodeAt(0) + 1)),
});

export function readOffset(value: Buffer | undefined): bigint | null {
  return value === undefined ? null : value.readBigUInt64BE(0);
}

export function writeOffset(offset: bigint): Buffer {
  const value = Buffer.allocUnsafe(8);
  value.writeBigUInt64BE(offset);
  return value;
}

const laneEnd = 7;

function startOf(kind: Kind, { topicNumber, partition }: Lane, more: number): Buffer {
  const key = Buffer.allocUnsafe(laneEnd + more);
  key.write(kind, 'latin1');
  key.writeUInt32BE(topicNumber, 1);
  key.writeUInt16BE(partition, 5);
  return key;
}
