import type { Grounds } from './provenance.ts';

/**
 * Why something is recommended, for people, in English.
 * @param name of the track or artist that it comes from; null where it comes from none, or nobody knows its name
 */
export function explain({ reason, source }: Pick<Grounds, 'reason' | 'source'>, name: string | null): string {
  if (name === null) return nameless[reason];
  switch (reason) {
    case 'LISTENED_TOGETHER':
      return source === 'LIVE' ? `Because you listened to ${name}` : `Listeners of ${name} like it`;
    case 'SOUNDS_ALIKE':
      return source === 'LIVE' ? `Because you listened to ${name}: it sounds alike` : `Sounds like ${name}`;
    case 'SAME_ARTIST':
      return `Also by ${name}`;
    case 'PLAYED_BEFORE':
      return `You listened to ${name}`;
    case 'NEW_FROM_FOLLOWED':
      return `New from ${name}`;
    case 'FITS_TASTE':
      return `Because you like ${name}`;
    case 'POPULAR':
      return nameless.POPULAR;
  }
}

const nameless: Record<Grounds['reason'], string> = {
  LISTENED_TOGETHER: 'People listen to them together',
  SOUNDS_ALIKE: 'It sounds alike',
  SAME_ARTIST: 'By the same artist',
  PLAYED_BEFORE: 'You listened to it lately',
  NEW_FROM_FOLLOWED: 'New from an artist whom you follow',
  FITS_TASTE: 'It fits what you listen to',
  POPULAR: 'Popular where you are',
};
