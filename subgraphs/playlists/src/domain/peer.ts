import type { PositionedOperation } from './playlist-feed.ts';

/** Another replica: playlists on a database of its own, in another region, say. */
export interface Peer {
  /** Of its playlists subgraph; names it. */
  readonly url: string;
  /**
   * The operations that it has after this position, in the order in which it got them.
   * @throws when it does not answer
   */
  operationsSince(position: string, limit: number): Promise<readonly PositionedOperation[]>;
}

/** How far the operations of each peer were merged here. */
export interface PeerPositions {
  /** `0` for a peer that is new. */
  read(url: string): Promise<string>;
  write(url: string, position: string): Promise<void>;
}
