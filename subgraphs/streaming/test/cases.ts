import type { TrackFacts, ViewerFacts } from '../src/domain/facts.ts';

export const now = new Date('2026-11-23T08:00:00.000Z');
export const trackId = (text: string) => `track_${text.padStart(26, '0')}`;
export const viewerId = `user_${'v'.padStart(26, '0')}`;

/** A track that anybody in Germany, Brazil and the United States may play, unless told otherwise. */
export const aTrack = (facts: Partial<TrackFacts> = {}): TrackFacts => ({
  id: trackId('1'),
  withdrawn: false,
  releasedAt: null,
  availableMarkets: ['BR', 'DE', 'US'],
  explicit: false,
  durationMs: 240_000,
  encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'],
  version: 1,
  alternatives: [],
  ...facts,
});

/** A premium account at home in Germany, unless told otherwise. */
export const aViewer = (facts: Partial<ViewerFacts> = {}): ViewerFacts => ({
  id: viewerId,
  tier: 'PREMIUM',
  country: 'DE',
  allowsExplicit: true,
  active: true,
  version: 1,
  ...facts,
});

/** Every combination of one value for each key. */
export function* combinations<Shape extends Record<string, readonly unknown[]>>(
  shape: Shape,
): Generator<{ [Key in keyof Shape]: Shape[Key][number] }> {
  const [key, ...others] = Object.keys(shape);
  if (!key) {
    yield {} as never;
    return;
  }
  const rest = Object.fromEntries(others.map((name) => [name, shape[name] as readonly unknown[]]));
  for (const value of shape[key] as readonly unknown[]) {
    for (const tail of combinations(rest)) yield { [key]: value, ...tail } as never;
  }
}
