/** What can be measured about the sound of a track. */
export interface AudioFeatures {
  /** Beats a minute, 20 to 300. */
  readonly tempoBpm: number;
  /** How intense it is: this and the following are 0 to 1. */
  readonly energy: number;
  /** How cheerful it sounds. */
  readonly valence: number;
  readonly danceability: number;
  /** How likely it is played on acoustic instruments alone. */
  readonly acousticness: number;
  /** How likely nobody sings. */
  readonly instrumentalness: number;
}
