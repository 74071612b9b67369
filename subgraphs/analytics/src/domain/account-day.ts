import type { Play } from './play.ts';

/** What of a play is kept to judge others by. */
export type KeptPlay = Pick<Play, 'id' | 'playedAt' | 'msPlayed' | 'decisionId' | 'deviceKey'>;

/**
 * The plays of an account that count and began on one day, in the order in which they were told. Packed, 48 bytes each: there are as many
 * of them as plays, and most are never looked at again.
 */
export interface AccountDay {
  /** The play that this grant vouches for; null when there is none. @param decisionId a UUID */
  findByGrant(decisionId: string): string | null;
  /**
   * The first play that was heard at the same time for longer than this; null when there is none.
   * @param play may have begun on another day
   */
  findAtOnce(
    play: KeptPlay,
    longerThanMs: number,
  ): { readonly id: string; readonly deviceKey: bigint } | null;
  /** @param play began on this day */
  append(play: KeptPlay): void;
  /** What was appended since it was read, packed. */
  readonly appended: Uint8Array;
}

// Where what lies within an entry. Numbers are unsigned, the most significant byte first.
const idAt = 0;
const grantAt = 16;
/** Milliseconds since the day began. */
const startAt = 32;
const lengthAt = 36;
const deviceAt = 40;
const entryLength = 48;

/**
 * @param day when it begins, in milliseconds since 1970
 * @param packed what was appended before
 * @throws RangeError for bytes that are none
 */
export function readAccountDay(day: number, packed: Uint8Array): AccountDay {
  if (packed.length % entryLength !== 0)
    throw new RangeError(`expected ${entryLength} bytes for each play, got ${packed.length}`);
  const parts = [viewOf(packed)];
  const appended: Uint8Array[] = [];
  function find(isIt: (view: DataView, entry: number) => boolean) {
    for (const view of parts)
      for (let entry = 0; entry < view.byteLength; entry += entryLength)
        if (isIt(view, entry)) return { view, entry };
    return null;
  }
  return {
    findByGrant(decisionId) {
      const grant = viewOf(bytesOf(decisionId));
      const [high, low] = [grant.getBigUint64(0), grant.getBigUint64(8)];
      const found = find(
        (view, entry) =>
          view.getBigUint64(entry + grantAt) === high && view.getBigUint64(entry + grantAt + 8) === low,
      );
      return found && uuidAt(found.view, found.entry + idAt);
    },
    findAtOnce({ playedAt, msPlayed }, longerThanMs) {
      const [start, end] = [playedAt - day, playedAt - day + msPlayed];
      const found = find((view, entry) => {
        const otherStart = view.getUint32(entry + startAt);
        const otherEnd = otherStart + view.getUint32(entry + lengthAt);
        return Math.min(end, otherEnd) - Math.max(start, otherStart) > longerThanMs;
      });
      if (!found) return null;
      const { view, entry } = found;
      return { id: uuidAt(view, entry + idAt), deviceKey: view.getBigUint64(entry + deviceAt) };
    },
    append({ id, playedAt, msPlayed, decisionId, deviceKey }) {
      const bytes = new Uint8Array(entryLength);
      const view = viewOf(bytes);
      bytes.set(bytesOf(id), idAt);
      if (decisionId) bytes.set(bytesOf(decisionId), grantAt);
      view.setUint32(startAt, playedAt - day);
      view.setUint32(lengthAt, msPlayed);
      view.setBigUint64(deviceAt, deviceKey);
      parts.push(view);
      appended.push(bytes);
    },
    get appended() {
      const bytes = new Uint8Array(appended.length * entryLength);
      for (const [index, entry] of appended.entries()) bytes.set(entry, index * entryLength);
      return bytes;
    },
  };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function bytesOf(uuid: string): Uint8Array {
  const hex = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

function uuidAt(view: DataView, at: number): string {
  const hex = (from: number, to: number) => {
    let text = '';
    for (let index = from; index < to; index++)
      text += view
        .getUint8(at + index)
        .toString(16)
        .padStart(2, '0');
    return text;
  };
  return [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, 16)].join('-');
}
