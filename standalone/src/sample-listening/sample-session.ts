import type { Random } from '@medley/catalog/sample/random';
import { createSampleDecision, type TrackFacts } from '@medley/streaming/sample/sample-decision';
import type { SampleListener } from './sample-listeners.ts';
import { createPlay, type SamplePlay } from './sample-play.ts';
import { createMeasurement, drawStart } from './sample-start.ts';
import type { SampleTracks } from './sample-tracks.ts';
import type { Decided, Told } from './told.ts';

export interface SampleSession {
  readonly listener: SampleListener;
  readonly startsAt: Date;
  readonly tracks: SampleTracks;
  readonly random: Random;
  /** The id of the next event, a UUID. */
  readonly nextId: () => string;
  /** Gets what is told of it. */
  readonly told: Told;
}

/**
 * Somebody listens for a while: one track after the other, most of them to their end.
 * @returns when it is over, in milliseconds since 1970
 */
export function listen(session: SampleSession): number {
  const { listener, random, nextId, told } = session;
  let at = session.startsAt.getTime();
  const attempts = random.integer(2, 11);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const track = wish(session);
    const decision = decide(session, track, at);
    if (!decision) {
      at += random.integer(2_000, 9_000);
      continue;
    }
    const msPlayed = drawMsPlayed(random, track.durationMs);
    const start = drawStart(random, listener, { first: attempt === 0, msPlayed });
    const silentMs = start.stalls.reduce(
      (sum, { lengthMs }) => sum + lengthMs,
      start.clickToSoundMs ?? 4_000,
    );
    const heardMs = start.outcome === 'STARTED' ? msPlayed : 0;
    const endsAt = at + silentMs + heardMs;
    const reportedAt = new Date(endsAt + 300);
    told.measurements.push(createMeasurement(nextId(), decision, start, { random, msPlayed, reportedAt }));
    if (heardMs > 0) {
      const verified = !random.chance(0.006);
      const [deviceId] = listener.devices;
      const play = { listener, track, msPlayed, playedAt: new Date(at), reportedAt, deviceId };
      told.plays.push(createPlay(nextId(), verified ? decision : null, play));
      cheat(session, decision, play);
    }
    at = endsAt + random.integer(300, 3_000);
  }
  return at;
}

/** Some try whether they are counted twice: on two devices at once, over and over, by one grant. */
function cheat(session: SampleSession, grant: Decided, play: SamplePlay): void {
  const { listener, random, nextId, told } = session;
  if (play.msPlayed < 60_000 || !random.chance(0.015)) return;
  const again = {
    ...play,
    playedAt: new Date(play.playedAt.getTime() + 15_000),
    reportedAt: new Date(play.reportedAt.getTime() + 20_000),
  };
  const kind = random.pick(['the same device', 'another device', 'the same grant']);
  const deviceId = listener.devices[kind === 'another device' ? 1 : 0];
  const other = kind === 'the same grant' ? grant : decide(session, play.track, again.playedAt.getTime());
  if (other) told.plays.push(createPlay(nextId(), other, { ...again, deviceId }));
}

/** Mostly what may be played; now and then what a link leads to. */
function wish({ random, tracks, listener: { market, viewer } }: SampleSession): TrackFacts {
  if (random.chance(0.04)) return tracks.pickSpecial(random);
  if (random.chance(0.14)) return tracks.pickAnywhere(random);
  const choose = () =>
    random.chance(0.6) ? tracks.pickLiked(random, { viewer, market }) : tracks.pick(random, market);
  const track = choose();
  // Players show what is explicit, and few try it who cannot hear it.
  return track.explicit && !viewer.allowsExplicit && random.chance(0.8) ? choose() : track;
}

/** @returns the grant; null where it was denied */
function decide(session: SampleSession, track: TrackFacts, at: number): Decided | null {
  const { listener, random, nextId, told } = session;
  const ask = (quality: typeof listener.quality, now: number) => {
    const decision = createSampleDecision(nextId(), track.id, {
      track,
      viewer: random.chance(0.012) ? null : listener.viewer,
      market: random.chance(0.02) ? null : listener.market,
      explicit: true,
      quality,
      now: new Date(now),
    });
    told.decisions.push(decision);
    return decision;
  };
  const curious = listener.viewer.tier === 'FREE' && random.chance(0.05);
  if (curious) ask(random.pick(['HIGH', 'LOSSLESS']), at - 2_000);
  const decision = ask(listener.quality, at);
  return decision.data.outcome === 'GRANTED' ? decision : null;
}

/** Most hear all of it; some go on at once, some in the middle. */
function drawMsPlayed(random: Random, durationMs: number): number {
  const mood = random.next();
  if (mood < 0.7) return durationMs;
  if (mood < 0.85) return Math.min(random.integer(1_500, 29_000), durationMs);
  return random.integer(Math.min(30_000, durationMs), durationMs);
}
