/**
 * A moment and a number, written into what is told, so that whoever receives it knows how late it is: `@@`, microseconds of the clock
 * that all processes of a machine share in 16 digits, `#`, a number in 8.
 */
export const createMarker = (sequence: number): string =>
  `@@${String(nowUs()).padStart(16, '0')}#${String(sequence).padStart(8, '0')}`;

export interface Marker {
  readonly toldAtUs: number;
  readonly sequence: number;
}

/** The marker in a text; undefined when it holds none. It parses no JSON: whoever measures should cost little. */
export function readMarker(bytes: Buffer): Marker | undefined {
  const at = bytes.indexOf('@@', 0, 'latin1');
  if (at < 0) return undefined;
  return { toldAtUs: readDigits(bytes, at + 2, 16), sequence: readDigits(bytes, at + 19, 8) };
}

/** Microseconds of the machine's steady clock: the same in all its processes. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

function readDigits(bytes: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) value = value * 10 + (bytes[at] as number) - 48;
  return value;
}
