import type { LicenceWindow } from './licence-windows.ts';
import type { Track } from './model.ts';

/**
 * What somebody decides about a track here, whatever imports say from then on. Each gives the track as it is then, null when
 * there is none. What changes nothing writes nothing: no version, no event.
 */
export interface TrackDecisions {
  /** Fields that are left out stay. */
  updateTrack(id: string, values: TrackCorrection): Promise<Track | null>;
  /** From now on nobody may play it; it stays in albums and libraries. One that is withdrawn keeps its date. */
  withdrawTrack(id: string, at: Date): Promise<Track | null>;
  /** It may be played again where it is licensed. */
  reinstateTrack(id: string): Promise<Track | null>;
  /**
   * Where it may be played, from now on and without end. Its windows are removed.
   * @param markets ISO 3166-1 alpha-2, upper case, in any order
   */
  setMarkets(id: string, markets: readonly string[]): Promise<Track | null>;
  /**
   * When and where it may be played: outside of these windows nowhere.
   * @param windows in any order; they may overlap
   */
  setLicenceWindows(id: string, windows: readonly LicenceWindow[]): Promise<Track | null>;
}

/** What is corrected about a track: `undefined` stays as it is. */
export interface TrackCorrection {
  readonly title?: string;
  readonly explicit?: boolean;
  /** Upper case, no hyphens; null when unknown. */
  readonly isrc?: string | null;
}
