import { randomUUID } from 'node:crypto';
import { openTestCassandra } from '@medley/testing/cassandra';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openCassandraUserData } from '../src/adapters/cassandra-user-data.ts';
import { openPrismaUserData } from '../src/adapters/prisma-user-data.ts';
import type { HistoryPlay } from '../src/domain/play-history.ts';
import type { UserData } from '../src/domain/user-data.ts';

/** The time by the clock of user data in tests, unless one sets it: in the middle of a month and of a week. */
export const noon = new Date('2026-06-16T12:00:00.000Z');

/** User data on a server of its own, with a clock that stands still. */
export interface TestUserData extends UserData {
  setNow(time: Date): void;
}

/** The servers to test on; Cassandra where the environment names one. */
export const userDataServers: [string, () => Promise<TestUserData>][] = [[testDatabaseKind, openPrisma]];
if (process.env.TEST_CASSANDRA_CONTACT_POINTS) userDataServers.push(['Cassandra', openCassandra]);
else console.info('Cassandra is left out, as TEST_CASSANDRA_CONTACT_POINTS is not set.');

async function openPrisma(): Promise<TestUserData> {
  const database = await openTestDatabase('recommendations');
  const { now, setNow } = createClock();
  const userData = openPrismaUserData(database, now);
  return { ...userData, setNow, close: () => userData.close().then(() => database.close()) };
}

async function openCassandra(): Promise<TestUserData> {
  const test = await openTestCassandra('recommendations');
  if (!test) throw new Error('a Cassandra was named');
  const { now, setNow } = createClock();
  const userData = openCassandraUserData(test.cassandra, now);
  return { ...userData, setNow, close: () => userData.close().then(() => test.close()) };
}

function createClock() {
  let time = noon;
  return {
    now: () => time,
    setNow: (given: Date) => {
      time = given;
    },
  };
}

/** A play that counts, at noon. */
export const playOf = (userId: string, play: Partial<HistoryPlay> = {}): HistoryPlay => ({
  userId,
  eventId: randomUUID(),
  trackId: randomUUID(),
  playedAt: noon,
  msPlayed: 180_000,
  counted: true,
  skipped: false,
  context: { kind: 'ALBUM', id: 'album_1' },
  ...play,
});

/** So many plays, a minute apart, the newest first. */
export const playsOf = (userId: string, count: number, newest = noon): HistoryPlay[] =>
  Array.from({ length: count }, (_, index) =>
    playOf(userId, { playedAt: new Date(newest.getTime() - index * 60_000) }),
  );
