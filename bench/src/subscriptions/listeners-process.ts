import type { Sequences } from './bells.ts';
import { Lateness } from './lateness.ts';
import { type Kind, Listener, type Pace } from './listener.ts';
import { answer } from './questions.ts';

/** A process with a share of the listeners. */
export interface Joining {
  readonly url: string;
  /** Where slow ones go in. */
  readonly slowDoorPath: string;
  readonly listeners: readonly { kind: Kind; pace: Pace; viewer: number }[];
  /** How many at a time. */
  readonly atOnce: number;
}

/** What came in one stretch of time. */
export interface Heard {
  /** Events, also those of slow listeners. */
  readonly delivered: number;
  /** Of the fast ones, for `new Lateness`. */
  readonly lateness: Readonly<Record<Kind, readonly number[]>>;
  /** Fast ones that have not got the last event. */
  readonly behind: number;
}

/** How listeners have ended, and how many of each: `open` while they go on. */
export type Endings = Readonly<Record<string, number>>;

const sluggishReadsEveryMs = 10_000;
const sluggishReadsForMs = 250;

let listeners: Listener[] = [];
let delivered = 0;
let lateness = { playlist: new Lateness(), own: new Lateness() };

function onEvent(listener: Listener, lateUs: number): void {
  delivered += 1;
  if (listener.pace === 'fast') lateness[listener.kind].note(lateUs);
}

async function join({ url, slowDoorPath, listeners: joining, atOnce }: Joining) {
  const waiting = joining.values();
  const joinOneByOne = async () => {
    for (const { kind, pace, viewer } of waiting) {
      const slow = pace === 'fast' ? {} : { socketPath: slowDoorPath };
      const listener = new Listener({ url, ...slow, kind, pace, viewer, onEvent });
      listeners.push(listener);
      await listener.begun();
      if (listener.ended !== undefined) throw new Error(`a listener could not begin: ${listener.ended}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, joinOneByOne));
  const sampleOf = (kind: Kind) => listeners.find((listener) => listener.kind === kind)?.sample;
  const samples = { playlist: sampleOf('playlist'), own: sampleOf('own') };
  for (const listener of listeners) listener.sample = undefined;
  return samples;
}

let sluggishTimer: NodeJS.Timeout | undefined;

/** From now on slow ones are slow. */
function slowDown(): void {
  for (const listener of listeners) if (listener.pace !== 'fast') listener.pause();
  const sluggish = listeners.filter(({ pace }) => pace === 'sluggish');
  sluggishTimer = setInterval(() => {
    for (const listener of sluggish) listener.resume();
    setTimeout(() => {
      if (sluggishTimer) for (const listener of sluggish) listener.pause();
    }, sluggishReadsForMs);
  }, sluggishReadsEveryMs);
}

/** Slow ones read what is there; then it tells how they ended. */
async function wakeUp(): Promise<Readonly<Record<Pace, Endings>>> {
  clearInterval(sluggishTimer);
  sluggishTimer = undefined;
  for (const listener of listeners) if (listener.pace !== 'fast') listener.resume();
  await pause(3_000);
  return { fast: endings('fast'), sluggish: endings('sluggish'), stuck: endings('stuck') };
}

function endings(pace: Pace): Endings {
  const counts: Record<string, number> = {};
  for (const listener of listeners) {
    if (listener.pace !== pace) continue;
    const how = listener.wentBack ? 'went back' : (listener.ended ?? 'open');
    counts[how] = (counts[how] ?? 0) + 1;
  }
  return counts;
}

/** Waits until every fast one has the last event, or for ten seconds. */
async function heard(last: Sequences): Promise<Heard> {
  const isBehind = ({ kind, pace, viewer, sequence }: Listener) =>
    pace === 'fast' && sequence < (kind === 'playlist' ? last.playlist : (last.own[viewer] as number));
  for (let turn = 0; turn < 1_000 && listeners.some(isBehind); turn += 1) await pause(10);
  const result = {
    delivered,
    lateness: { playlist: lateness.playlist.toJSON(), own: lateness.own.toJSON() },
    behind: listeners.filter(isBehind).length,
  };
  delivered = 0;
  lateness = { playlist: new Lateness(), own: new Lateness() };
  return result;
}

async function leave(): Promise<void> {
  for (const listener of listeners) listener.leave();
  const isOpen = ({ ended }: Listener) => ended === undefined;
  for (let turn = 0; turn < 500 && listeners.some(isOpen); turn += 1) await pause(10);
  listeners = [];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const answers = { join, slowDown, wakeUp, heard, leave };
export type ListenersAnswers = typeof answers;
answer(answers);
