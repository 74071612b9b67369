import { type Consumed, type EventLog, publishEvents } from '@medley/event-log';
import { parseEvent, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { expect } from 'vitest';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import type { HistoryPlay } from '../../src/domain/play-history.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import { playsGroup } from '../../src/live/follow-plays.ts';
import { createProfiles } from '../../src/live/profiles.ts';
import type { TrackPlayed } from '../../src/live/read-play.ts';
import { type Live, type LiveOptions, startLive } from '../../src/live/start-live.ts';
import { createTakePlays } from '../../src/live/take-plays.ts';
import { createMemoryUserData, withoutVersions } from './memory-user-data.ts';
import { createMemoryFacts, userIds } from './told-plays.ts';

const patience = { timeout: 60_000, interval: 50 };

export const tell = (log: EventLog, events: readonly TrackPlayed[]) =>
  publishEvents(log, playEvents, [...events]);

/** Until the group has committed all that was told. */
export const untilTaken = (log: EventLog) =>
  expect
    .poll(async () => {
      const positions = await log.admin.positions(playsGroup, [playEvents.name]);
      return positions.reduce((sum, { lag }) => sum + lag, 0n);
    }, patience)
    .toBe(0n);

/** What would be there if nothing had happened: each partition is taken once, from its first play to its last. */
async function undisturbed(log: EventLog) {
  const userData = createMemoryUserData();
  const metrics = createMetrics();
  const fast = createMemoryTasteProfiles();
  const take = createTakePlays({
    history: userData.history,
    profiles: createProfiles({ fast, durable: userData.profiles, logger: silentLogger, metrics }),
    facts: createMemoryFacts(),
    log: { append: async () => [] },
    onTaken() {},
    metrics,
  });
  for (const { partition, low, high } of await log.admin.offsets(playEvents.name)) {
    for (let from = low; from < high; ) {
      const records = await log.admin.read(playEvents.name, partition, from, 500);
      const events = records.flatMap(({ value, topic, offset, time }): Consumed<TrackPlayed>[] => {
        const parsed = parseEvent(playEvents, value);
        return parsed.kind === 'event' ? [{ event: parsed.event, topic, partition, offset, time }] : [];
      });
      await take(events, { refuse() {} });
      from = (records.at(-1)?.offset ?? high) + 1n;
    }
  }
  return userData;
}

/** Histories and profiles are what they would be if nothing had happened. */
export async function expectUndisturbed(log: EventLog, userData: Pick<UserData, 'history' | 'profiles'>) {
  const expected = await undisturbed(log);
  const profiles = await userData.profiles.find([...userIds]);
  expect(withoutVersions(profiles)).toEqual(withoutVersions(expected.kept));
  const pages = await Promise.all(
    userIds.map((userId) => userData.history.page({ userId, after: null, limit: 1_000 })),
  );
  const byEvent = (plays: Iterable<HistoryPlay>) =>
    [...plays].sort((one, other) => (one.eventId < other.eventId ? -1 : 1));
  expect(byEvent(pages.flat())).toEqual(byEvent(expected.plays.values()));
}

/** A process that follows plays. */
export function startProcess(
  options: Pick<LiveOptions, 'log' | 'userData' | 'fastProfiles'>,
  crashes: Error[],
): Live {
  return startLive({
    ...options,
    facts: createMemoryFacts(),
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash: (error) => crashes.push(error),
  });
}

/** A port whose calls fail now and then by what passes, before they begin or after they have ended. @param share 0 to 1 */
export function failingPort<Port extends object>(
  port: Port,
  share: () => number,
  onFailed: () => void,
): Port {
  let calls = 0;
  const lost = () => {
    onFailed();
    return Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
  };
  const failing = Object.entries(port).map(([name, call]) => [
    name,
    async (...given: unknown[]) => {
      calls += 1;
      const fate = ((calls * 7_919) % 100) / 100;
      if (fate < share() / 2) throw lost();
      const answer = await call(...given);
      if (fate < share()) throw lost();
      return answer;
    },
  ]);
  return Object.fromEntries(failing);
}
