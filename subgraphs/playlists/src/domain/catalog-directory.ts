/** Port to what the catalog has. */
export interface CatalogDirectory {
  /**
   * Which of these tracks, albums and artists there are, by their public ids; withdrawn ones are not.
   * @param ids public ids, distinct
   * @returns null when the catalog could not be asked in time: what is edited then stands unverified
   */
  findEntities(ids: readonly string[]): Promise<ReadonlyMap<string, CatalogEntity> | null>;
}

export interface CatalogEntity {
  /** Of a track: `album_…`; null for what is none. */
  readonly albumId: string | null;
}
