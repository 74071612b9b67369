import { createRandom, type Random } from '@medley/catalog/sample/random';
import { playEvents } from '@medley/events';
import { stateEventUuid } from '@medley/ids';
import { createSampleListeners, type SampleListener } from './sample-listeners.ts';
import { listen } from './sample-session.ts';
import { listSampleTracks } from './sample-tracks.ts';
import type { Told } from './told.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const listenerCount = 130;
const daysBefore = 7;

/**
 * What some hundred invented listeners are said to have done in the seven days before, each kind of event in the order of time. It is the
 * same whenever it is made for the same moment, with the same ids.
 * @param until nothing happened later
 */
export function createSampleListening(until: Date): Told {
  const told: Told = { decisions: [], measurements: [], plays: [] };
  const tracks = listSampleTracks();
  const from = until.getTime() - daysBefore * dayMs;
  const today = Math.floor(until.getTime() / dayMs);
  for (const listener of createSampleListeners(listenerCount)) {
    let freeAt = 0;
    for (let day = today - daysBefore; day <= today; day += 1) {
      const iso = new Date(day * dayMs).toISOString().slice(0, 10);
      const seed = `${listener.viewer.id} ${iso}`;
      const random = createRandom(seed);
      let events = 0;
      const nextId = () => {
        events += 1;
        return stateEventUuid(playEvents.name, `sample ${seed}`, events);
      };
      for (const startsAt of drawSessions(random, listener, day)) {
        // One ear for one session: another one that would begin in the middle of it is left out.
        if (startsAt < Math.max(freeAt, from)) continue;
        freeAt = listen({ listener, startsAt: new Date(startsAt), tracks, random, nextId, told });
      }
    }
  }
  return {
    decisions: inTime(told.decisions, until, ({ data }) => data.decidedAt),
    measurements: inTime(told.measurements, until, ({ data }) => data.reportedAt),
    plays: inTime(told.plays, until, ({ data }) => data.reportedAt),
  };
}

/** When the listener begins on a day, in milliseconds since 1970: on the way, at lunch, mostly in the evening. */
function drawSessions(random: Random, { habit, utcOffsetHours }: SampleListener, day: number): number[] {
  const times = [
    { hour: 7.5, chance: 0.5 },
    { hour: 12.5, chance: 0.3 },
    { hour: 16, chance: 0.4 },
    { hour: 20, chance: 0.9 },
  ];
  return times
    .filter(({ chance }) => random.chance(chance * habit))
    .map(({ hour }) => day * dayMs + (hour + random.next() * 3 - utcOffsetHours) * hourMs);
}

function inTime<Event>(events: Event[], until: Date, timeOf: (event: Event) => string): Event[] {
  return events
    .map((event) => ({ event, at: Date.parse(timeOf(event)) }))
    .filter(({ at }) => at <= until.getTime())
    .sort((one, other) => one.at - other.at)
    .map(({ event }) => event);
}
