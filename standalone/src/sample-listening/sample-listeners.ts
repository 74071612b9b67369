import { createRandom } from '@medley/catalog/sample/random';
import { encodeId, importedUuid } from '@medley/ids';
import type { AudioQuality, ViewerFacts } from '@medley/streaming/sample/sample-decision';
import { personaUserId } from '@medley/users';

/** Somebody who listens: mostly invented, without an account behind the id. */
export interface SampleListener {
  readonly viewer: ViewerFacts;
  /** Where the client's address is. */
  readonly market: string;
  readonly utcOffsetHours: number;
  readonly devices: readonly [string, string];
  /** What the player asks for. */
  readonly quality: AudioQuality;
  /** 0 up to 1: how likely there is some listening on a day. */
  readonly habit: number;
  /** How long sound takes to begin, relative to a good connection. */
  readonly slowness: number;
}

/** Where listeners live: how many of a hundred, the hours of their clocks, and how slow their networks are. */
const homes = [
  { country: 'US', share: 24, utcOffsetHours: -6, slowness: 1 },
  { country: 'BR', share: 14, utcOffsetHours: -3, slowness: 1.4 },
  { country: 'DE', share: 12, utcOffsetHours: 1, slowness: 0.9 },
  { country: 'GB', share: 9, utcOffsetHours: 0, slowness: 0.9 },
  { country: 'IN', share: 9, utcOffsetHours: 5.5, slowness: 1.7 },
  { country: 'MX', share: 7, utcOffsetHours: -6, slowness: 1.4 },
  { country: 'JP', share: 6, utcOffsetHours: 9, slowness: 0.8 },
  { country: 'FR', share: 6, utcOffsetHours: 1, slowness: 1 },
  { country: 'NG', share: 5, utcOffsetHours: 1, slowness: 2 },
  { country: 'ES', share: 4, utcOffsetHours: 1, slowness: 1 },
  { country: 'SE', share: 4, utcOffsetHours: 1, slowness: 0.8 },
] as const;

/** Personas who have listened for a week already: to try out what is recommended to somebody known, beside others who are new. */
const knownPersonas = [
  { name: 'premium-us', country: 'US', utcOffsetHours: -6 },
  { name: 'premium-br', country: 'BR', utcOffsetHours: -3 },
] as const;

/** The same ones on every machine. @param count beside some of the personas */
export function createSampleListeners(count: number): SampleListener[] {
  return [...knownPersonas.map(createPersonaListener), ...createInventedListeners(count)];
}

function createPersonaListener({
  name,
  country,
  utcOffsetHours,
}: (typeof knownPersonas)[number]): SampleListener {
  return {
    viewer: {
      id: personaUserId(name),
      tier: 'PREMIUM',
      country,
      allowsExplicit: true,
      active: true,
      version: 1,
    },
    market: country,
    utcOffsetHours,
    devices: [`sample-phone-${name}`, `sample-web-${name}`],
    quality: 'HIGH',
    habit: 1,
    slowness: 1,
  };
}

function createInventedListeners(count: number): SampleListener[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(`listener ${number}`);
    const { country, utcOffsetHours, slowness } = random.pickWeighted(homes, ({ share }) => share);
    const tier = random.chance(0.42) ? 'PREMIUM' : 'FREE';
    return {
      viewer: {
        id: encodeId('user', importedUuid('sample', 'user', `listener ${number}`)),
        tier,
        // A few accounts never said where they are at home.
        country: random.chance(0.03) ? null : country,
        allowsExplicit: random.chance(0.85),
        active: true,
        version: 1,
      },
      market: country,
      utcOffsetHours,
      devices: [`sample-phone-${number}`, `sample-web-${number}`],
      quality: random.pick<AudioQuality>(
        tier === 'PREMIUM' ? ['NORMAL', 'HIGH', 'HIGH', 'LOSSLESS'] : ['LOW', 'NORMAL', 'NORMAL', 'NORMAL'],
      ),
      habit: 0.1 + random.next() * 0.5,
      slowness: slowness * (0.7 + random.next() * 0.6),
    };
  });
}
