/** Where a play lies in `streaming.play-events.v1`: what the consumers of its partition have when they are past it. */
export interface PlayPosition {
  /** From 0. */
  readonly partition: number;
  /** From 0. */
  readonly offset: bigint;
}

/** As a token for clients, who hand it on: base64url of the number of its form, partition and offset. It holds no secret, and is not signed. */
export const encodePlayPosition = ({ partition, offset }: PlayPosition): string =>
  Buffer.from(`${form}.${partition}.${offset}`).toString('base64url');

/** @returns null for what is none */
export function decodePlayPosition(token: string): PlayPosition | null {
  if (token.length > 60) return null;
  const [, partition, offset] = pattern.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  if (partition === undefined || offset === undefined) return null;
  return { partition: Number(partition), offset: BigInt(offset) };
}

const form = 1;
// 63 bits are 19 digits.
const pattern = /^1\.(\d{1,5})\.(\d{1,19})$/;
