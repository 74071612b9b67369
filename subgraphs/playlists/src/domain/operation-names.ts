/** What is made of an operation's id, the same everywhere: clients know it before they send the operation. */
export interface OperationNames {
  /** The playlist that an operation creates, a UUID. */
  playlistId(operationId: string): string;
  /**
   * The item that an operation adds, a UUID.
   * @param index its place among the `trackIds` of the operation, from 0, also when others of them are left out
   */
  itemId(operationId: string, index: number): string;
  /** A hash of what was asked for. */
  digest(asked: readonly unknown[]): string;
}

/** How long operations are remembered, in days. */
export const retentionDays = 90;
export const retentionMs = retentionDays * 86_400_000;

/** When a UUID was made, in milliseconds since 1970; null unless it is of version 7, which tells. RFC 9562, 5.7. */
export function timeOfUuid(uuid: string): number | null {
  return uuid[14] === '7' ? Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16) : null;
}
