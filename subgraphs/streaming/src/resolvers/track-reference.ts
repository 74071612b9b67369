/** A track of the catalog, known here by its id alone. */
export interface TrackReference {
  readonly id: string;
}

/** @param id null for no track */
export const trackReference = (id: string | null): TrackReference | null => (id ? { id } : null);
