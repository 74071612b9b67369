import { type Audience, type CatalogFacts, mayPlay, type TrackFacts } from './catalog-facts.ts';
import { repeatRadio } from './compose-radio.ts';
import type { Grounds } from './provenance.ts';
import type { RadioSeed } from './radio-candidates.ts';
import type { Reactions } from './radio-reactions.ts';
import type { RadioItem } from './radio-sessions.ts';

/** What a radio can serve again, and for whom. */
export interface Repeating {
  readonly seed: RadioSeed;
  readonly audience: Audience;
  readonly reactions: Reactions;
  /** On the pages before, the last one last. */
  readonly served: readonly RadioItem[];
  /** On this page. */
  readonly composed: readonly RadioItem[];
  /** The last tracks before this page. */
  readonly before: readonly TrackFacts[];
  readonly limit: number;
}

/** What is served again when there is nothing else: what came the longest ago first, and nothing that was skipped. */
export async function repeatServed(
  facts: Pick<CatalogFacts, 'findTracks'>,
  { seed, audience, reactions, served, composed, before, limit }: Repeating,
): Promise<RadioItem[]> {
  const played = [...reactions.played].reverse().map(again('LIVE'));
  // Each at the place where it came last.
  const last = new Map<string, RadioItem>();
  for (const item of [...played, ...served, ...composed]) {
    last.delete(item.trackId);
    last.set(item.trackId, item);
  }
  // Better than silence.
  if (last.size === 0 && seed.kind !== 'TRACK')
    for (const { id } of seed.tracks) last.set(id, again('POPULAR')(id));
  for (const trackId of reactions.skipped) last.delete(trackId);

  const tracks = await facts.findTracks([...last.keys()]);
  const repeatable = [...last.values()].flatMap((item) => {
    const track = tracks.get(item.trackId);
    return track && mayPlay(track, audience) ? [{ item, track }] : [];
  });
  const here = composed.flatMap(({ trackId }) => tracks.get(trackId) ?? []);
  return repeatRadio(repeatable, { before: [...before, ...here], limit });
}

const again =
  (source: Grounds['source']) =>
  (trackId: string): RadioItem => ({
    trackId,
    ...{ reason: 'PLAYED_BEFORE', because: null, source, modelled: false },
  });
