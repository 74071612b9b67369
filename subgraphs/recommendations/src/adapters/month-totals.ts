/** The plays of an account in one month, by track: how many of them count; 0 for a track that was heard only. */
export type MonthTotals = ReadonlyMap<string, number>;

/** Totals in another form are counted anew. */
const form = 1;
const rowBytes = 16 + 4;

/** 20 bytes for each track. */
export function encodeMonthTotals(totals: MonthTotals): Buffer {
  const packed = Buffer.alloc(1 + totals.size * rowBytes);
  packed.writeUInt8(form);
  let at = 1;
  for (const [trackId, plays] of totals) {
    packed.write(trackId.replaceAll('-', ''), at, 'hex');
    packed.writeUInt32LE(plays, at + 16);
    at += rowBytes;
  }
  return packed;
}

/** @returns null for what has another form */
export function decodeMonthTotals(packed: Buffer): MonthTotals | null {
  if (packed[0] !== form || (packed.length - 1) % rowBytes !== 0) return null;
  const totals = new Map<string, number>();
  for (let at = 1; at < packed.length; at += rowBytes) {
    const hex = packed.toString('hex', at, at + 16);
    totals.set(
      `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
      packed.readUInt32LE(at + 16),
    );
  }
  return totals;
}
