import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventLog, publishEvents } from '@medley/event-log';
import {
  type Event,
  playbackDecisions,
  playbackQuality,
  playEvents,
  type TopicContract,
} from '@medley/events';
import { z } from 'zod';
import { createSampleListening } from './sample-listening/create-sample-listening.ts';
import type { Screen } from './screen.ts';

/** What the data folder remembers. */
const stateSchema = z.object({
  /** When the sample listening ends; its events and their ids are made of that. */
  until: z.iso.datetime(),
  told: z.boolean(),
});
type State = z.output<typeof stateSchema>;

/** Events in one append. */
const batchSize = 1_000;

/**
 * Tells a new event log of a week of listening by invented people, so that there are charts and something to ask about. Once: the folder
 * remembers it. Where it was interrupted, the same events are told again, with the same ids, and count once.
 * @param folder is held by this process
 */
export async function tellSampleListening({
  folder,
  log,
  screen,
  now = new Date(),
}: {
  folder: string;
  log: EventLog;
  screen: Pick<Screen, 'step'>;
  now?: Date;
}): Promise<void> {
  const file = join(folder, 'sample-listening.json');
  const state = (await readState(file)) ?? (await begin(file, log, now));
  if (state.told) return;
  await screen.step('sample listening', async (progress) => {
    const { decisions, measurements, plays } = createSampleListening(new Date(state.until));
    await tell(log, playbackDecisions, decisions);
    await tell(log, playbackQuality, measurements);
    await tell(log, playEvents, plays);
    progress(`${plays.length.toLocaleString('en')} plays`);
    await writeState(file, { ...state, told: true });
  });
}

/** A log that was ever told of a play needs no invented ones. */
async function begin(file: string, log: EventLog, now: Date): Promise<State> {
  const offsets = await log.admin.offsets(playEvents.name);
  const state = { until: now.toISOString(), told: offsets.some(({ high }) => high > 0n) };
  await writeState(file, state);
  return state;
}

async function tell<Told extends Event>(
  log: EventLog,
  topic: TopicContract<Told>,
  events: readonly NoInfer<Told>[],
): Promise<void> {
  for (let at = 0; at < events.length; at += batchSize) {
    await publishEvents(log, topic, events.slice(at, at + batchSize));
  }
}

async function readState(file: string): Promise<State | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file} is damaged; remove it`);
  }
}

async function writeState(file: string, state: State): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`);
  await rename(`${file}.new`, file);
}
