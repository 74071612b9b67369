/**
 * How far a follower has come: opaque to it, `<xid>-<seq>` in here. A plain number `n` is `0-n`: what was appended before the
 * table had a column `xid`, so `0` is the beginning.
 */
export type Position = string;

/** Before all that was ever appended. */
export const beginning: Position = '0';

/** A text that is no position. Made for clients: they get it as BAD_USER_INPUT. */
export class InvalidPositionError extends Error {
  constructor(text: string) {
    super(
      `expected a position that was given before, or 0 for the beginning, got ${JSON.stringify(text.slice(0, 60))}`,
    );
    this.name = 'InvalidPositionError';
  }
}

/**
 * What a position stands for, as SQL parameters of type bigint.
 * @throws InvalidPositionError
 */
export function parsePosition(position: Position): { readonly xid: string; readonly seq: string } {
  const [, xid = '0', seq] = form.exec(position) ?? [];
  if (seq === undefined) throw new InvalidPositionError(position);
  return { xid, seq };
}

// 18 digits are sure to fit into a bigint.
const form = /^(?:(\d{1,18})-)?(\d{1,18})$/;
