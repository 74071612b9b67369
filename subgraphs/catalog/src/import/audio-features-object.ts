import { type Described, identify, nothingDescribed, type Reading } from './described.ts';
import { readAudioFeatures, readSourceId } from './read-fields.ts';

/** An audio features object of the Spotify Web API. */
export interface AudioFeaturesObject {
  readonly type: 'audio_features';
  readonly [property: string]: unknown;
}

/** Whether an item says of itself that it is one. */
export const isAudioFeatures = (value: unknown): value is AudioFeaturesObject =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'audio_features';

/**
 * Reads what was measured of a track that something else describes.
 * @throws RejectedRowError when it names no track, or one of the features is none
 */
export function readAudioFeaturesObject(object: AudioFeaturesObject, reading: Reading): Described {
  const described = nothingDescribed();
  const id = identify(reading, described, 'track', readSourceId(object.id, 'id'));
  const audioFeatures = readAudioFeatures((property) => object[property]);
  described.audioFeatures.push({ id, values: { audioFeatures } });
  return described;
}
