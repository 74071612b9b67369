import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Listener, type Listening, openListening } from './live/listening.ts';
import { openEmbeddedParts, openServerParts, type Parts } from './live/parts.ts';
import { startTrainings } from './live/trainings.ts';

/**
 * npm run bench:live: how long a play takes from its report, in GraphQL, until recommendations have it, the next page of the radio
 * goes by it, and it is pushed to a screen; on the embedded parts, and on a Kafka, a Cassandra and a Redis of its own where KAFKA_JARS, CASSANDRA_JARS and
 * TEST_POSTGRES_URL are set. `-- --on embedded`, `--on servers`, `--rounds 500`. With `--with-training 300000` it measures
 * again while one model after the other is trained, of so many plays, and swapped in.
 */
const { values: given } = parseArgs({
  options: {
    on: { type: 'string', default: 'both' },
    rounds: { type: 'string', default: '300' },
    'with-training': { type: 'string', default: '0' },
  },
});
const trainedPlays = Number(given['with-training']);
const rounds = Number(given.rounds);
const listenerCount = 100;
/** What others play meanwhile, in plays a second. */
const loads = [0, 100];

if (given.on !== 'servers') await measure(await openEmbeddedParts());
if (given.on !== 'embedded') {
  const servers = await openServerParts();
  if (servers) await measure(servers);
  else
    console.log(
      'Kafka, Cassandra and Redis are left out: KAFKA_JARS, CASSANDRA_JARS or TEST_POSTGRES_URL is not set',
    );
}

async function measure(parts: Parts): Promise<void> {
  const listening = await openListening(parts, listenerCount);
  try {
    console.log(`\n${parts.name}, ${rounds} skips by ${listenerCount} listeners`);
    // Until the consumers have their partitions, and all is compiled that is used often.
    for (const listener of listening.listeners) await warm(listening, listener);
    for (const load of loads) await measureUnder(listening, load);
    if (trainedPlays > 0) await measureWhileTraining(parts, listening);
  } finally {
    await listening.close();
    await parts.close();
  }
}

async function measureWhileTraining(parts: Parts, listening: Listening): Promise<void> {
  const trainings = await startTrainings(parts, { trackIds: listening.trackIds, plays: trainedPlays });
  try {
    console.log(`the same, while models are trained of ${trainedPlays.toLocaleString('en')} plays:`);
    for (const load of loads) await measureUnder(listening, load);
  } finally {
    const { models, seconds } = await trainings.stop();
    console.log(`  ${models} models were swapped in, after ${Math.round(seconds)} s each`);
  }
}

async function warm(listening: Listening, listener: Listener): Promise<void> {
  const { trackIds } = await listening.radio(listener, null);
  const pushed = listening.untilPushed(listener);
  const token = await listening.report(listener, trackIds[0] ?? '', 'HEARD');
  // It takes some seconds at first.
  for (let attempt = 1; ; attempt++) {
    try {
      await listening.catchUp(listener, token);
      return await pushed;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

async function measureUnder(listening: Listening, load: number): Promise<void> {
  const times = {
    stored: [] as number[],
    taken: [] as number[],
    visible: [] as number[],
    page: [] as number[],
    pushed: [] as number[],
  };
  const again = { skipped: 0, control: 0 };
  const others = playMeanwhile(listening, load);
  for (let round = 0; round < rounds; round++) {
    const listener = listening.listeners[round % listenerCount] as Listener;
    const [page, control] = await Promise.all([
      listening.radio(listener, null),
      listening.radio(listener, null),
    ]);
    // The radio of an artist goes on playing this artist, so it is another one whom the listener does not like.
    const skipped = page.trackIds.find((id) => listening.artistOf(id) !== listener.seed) ?? '';
    const isBySkipped = (trackId: string) => listening.artistOf(trackId) === listening.artistOf(skipped);
    const before = await listening.radio(listener, control.endCursor);
    again.control += before.trackIds.filter(isBySkipped).length;

    const startedAt = performance.now();
    const pushed = listening
      .untilPushed(listener)
      .then(() => times.pushed.push(performance.now() - startedAt));
    const token = await listening.report(listener, skipped, 'SKIPPED');
    times.stored.push(performance.now() - startedAt);
    const taken = listening
      .untilInProfile(listener, token)
      .then(() => times.taken.push(performance.now() - startedAt));
    await listening.catchUp(listener, token);
    times.visible.push(performance.now() - startedAt);
    const next = await listening.radio(listener, page.endCursor);
    times.page.push(performance.now() - startedAt);
    await Promise.all([taken, pushed]);
    again.skipped += next.trackIds.filter(isBySkipped).length;
  }
  await others.stop();
  console.log(
    `while ${load} plays a second arrive: stored ${spread(times.stored)}; in the profile ${spread(times.taken)}; ` +
      `in the recommendations that wait for it ${spread(times.visible)}; next page of the radio there ${spread(times.page)}; ` +
      `pushed to the screen ${spread(times.pushed)}`,
  );
  console.log(
    `  tracks of the skipped artist on the next ${rounds} pages: ${again.skipped}; without the skip: ${again.control}`,
  );
}

/** Everybody plays something, one after the other. */
function playMeanwhile(listening: Listening, perSecond: number) {
  let stopped = false;
  const waiting = new Set<Promise<unknown>>();
  async function run() {
    const trackIds: string[] = [];
    for (const listener of listening.others.slice(0, 10))
      trackIds.push(...(await listening.radio(listener, null)).trackIds);
    for (let turn = 0; !stopped && perSecond > 0; turn++) {
      const listener = listening.others[(turn * 37) % listenerCount] as Listener;
      const report = listening.report(listener, trackIds[turn % trackIds.length] ?? '', 'HEARD');
      waiting.add(report);
      void report.finally(() => waiting.delete(report));
      await setTimeout(1_000 / perSecond);
    }
  }
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      await Promise.all(waiting);
    },
  };
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => `${Math.round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}`;
}
