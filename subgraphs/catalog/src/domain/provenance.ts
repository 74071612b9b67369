/**
 * How near a source is to the truth, the least first. Between two that carry the same field the nearer one wins.
 *
 * - `assumed`: nobody said so; whoever imports assumes it (`--markets`), or the row needs it (`Unknown album`)
 * - `listed`: a list that names things, such as a CSV file with whole seconds
 * - `described`: an object that describes one thing in full, such as a track of the Spotify Web API
 * - `measured`: counted here, such as how much a track is listened to
 * - `decided`: somebody decided it here, such as the markets of a licence
 */
const precisions = ['assumed', 'listed', 'described', 'measured', 'decided'] as const;
export type Precision = (typeof precisions)[number];

/** Where values come from. */
export interface Source {
  readonly precision: Precision;
  /**
   * When the source was written, or when it was measured, in milliseconds since 1970. Without one the last word holds: of what was
   * assumed or decided, and of what follows from other rows as they are now.
   */
  readonly date?: number;
}

/** Which fields a row has from which source: `{"listed:2021-05-21T00:00:00.000Z": ["album", "title"]}`. */
export type Provenance = Readonly<Record<string, readonly string[]>>;

/** Which source each field is from. */
export function readProvenance(provenance: Provenance): Map<string, Source> {
  const sources = new Map<string, Source>();
  for (const [stamp, fields] of Object.entries(provenance)) {
    const source = parseStamp(stamp);
    for (const field of fields) sources.set(field, source);
  }
  return sources;
}

/** The reverse of `readProvenance`, in one order, so that equal provenances are equal as JSON. */
export function writeProvenance(sources: ReadonlyMap<string, Source>): Provenance {
  const fieldsByStamp = new Map<string, string[]>();
  for (const [field, source] of sources) {
    const stamp = formatStamp(source);
    fieldsByStamp.set(stamp, [...(fieldsByStamp.get(stamp) ?? []), field]);
  }
  const stamps = [...fieldsByStamp].sort(([one], [other]) => compareText(one, other));
  return Object.fromEntries(stamps.map(([stamp, fields]) => [stamp, fields.sort(compareText)]));
}

/** Negative when the first is further from the truth, 0 when neither is. */
export function compareSources(one: Source, other: Source): number {
  const byPrecision = precisions.indexOf(one.precision) - precisions.indexOf(other.precision);
  return byPrecision || (one.date ?? 0) - (other.date ?? 0);
}

function formatStamp({ precision, date }: Source): string {
  return date === undefined ? precision : `${precision}:${new Date(date).toISOString()}`;
}

function parseStamp(stamp: string): Source {
  const colon = stamp.indexOf(':');
  const precision = precisions.find((known) => known === (colon < 0 ? stamp : stamp.slice(0, colon)));
  if (!precision) throw new RangeError(`a stamp begins with one of ${precisions.join(', ')}, got ${stamp}`);
  return colon < 0 ? { precision } : { precision, date: Date.parse(stamp.slice(colon + 1)) };
}

// By code units and not by locale: the order must be the same on every machine.
const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
