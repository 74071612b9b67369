import type { Identity } from '@medley/identity';
import type { Replicas } from './replicas.ts';

/** One answer to somebody who pressed play. */
export interface Heard {
  readonly replica: number;
  readonly trackId: string;
  readonly viewerId: string;
  /** `PlaybackGrant`, or which denial. */
  readonly answer: string;
  /** When it arrived, by `performance.now()`. */
  readonly at: number;
}

const query = `query ($trackId: ID!) { playbackUrl(trackId: $trackId, quality: HIGH) { __typename } }`;

/** Listeners who press play so many times a second, at the replicas in turn, until `stop`. */
export function startListeners(
  { replicas }: Pick<Replicas, 'replicas'>,
  { trackIds, viewerIds, perSecond }: { trackIds: string[]; viewerIds: string[]; perSecond: number },
) {
  const heard: Heard[] = [];
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  let pressed = 0;

  async function press(number: number): Promise<void> {
    const replica = number % replicas.length;
    const trackId = trackIds[number % trackIds.length] as string;
    const viewerId = viewerIds[Math.floor(number / trackIds.length) % viewerIds.length] as string;
    const as: Partial<Identity> = {
      actor: { kind: 'viewer', id: viewerId, sessionId: 'session_1', scopes: [] },
      market: 'DE',
      marketSource: 'ADDRESS',
    };
    const { ask } = replicas[replica] as Replicas['replicas'][number];
    const { data } = await ask<{ playbackUrl: { __typename: string } }>(query, { trackId }, as);
    heard.push({ replica, trackId, viewerId, answer: data.playbackUrl.__typename, at: performance.now() });
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    // What a busy machine could not send in time is not sent at once.
    for (let burst = 0; pressed < due && burst < 20; burst += 1) {
      const answered = press(pressed).finally(() => running.delete(answered));
      running.add(answered);
      pressed += 1;
    }
  }, 10);

  return {
    heard,
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return { perSecond: Math.round(heard.length / ((performance.now() - startedAt) / 1_000)) };
    },
  };
}

/** How long after `since` a grant was heard last of those that `isWrong` names, in milliseconds; 0 when none was. */
export function lastWrongGrant(
  heard: readonly Heard[],
  since: number,
  isWrong: (heard: Heard) => boolean,
): number {
  const wrong = heard.filter((one) => one.answer === 'PlaybackGrant' && one.at > since && isWrong(one));
  return Math.max(0, ...wrong.map(({ at }) => Math.round(at - since)));
}
