/** An entity of another subgraph: all that we know of it is its public id. */
export interface Reference {
  /** Such as `track_…`. */
  readonly id: string;
}
