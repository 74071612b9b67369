import type { ChildProcess } from 'node:child_process';
import type { Beat, Sequences } from './bells.ts';
import type { MemoryFigures } from './figures.ts';
import { Lateness } from './lateness.ts';
import type { Kind, Pace } from './listener.ts';
import type { Endings, Heard, Joining, ListenersAnswers } from './listeners-process.ts';
import type { StartProcess } from './processes.ts';
import { ask } from './questions.ts';

export interface Crowd {
  /** Listeners of the one playlist. */
  readonly playlist: number;
  /** Listeners of their own things, each another's. */
  readonly own: number;
  /** One in so many is slow: half of them read nothing any more, half now and then. */
  readonly slowOneIn: number;
  /** Over so many processes. */
  readonly processes: number;
}

export interface Measurement {
  readonly crowd: Crowd;
  readonly phases: readonly Phase[];
  readonly start: StartProcess;
}

/** A stretch of time in which things change. */
export interface Phase extends Beat {
  readonly name: string;
}

export interface PhaseFigures {
  readonly name: string;
  readonly delivered: number;
  readonly cpuMs: number;
  readonly lateness: Readonly<Record<Kind, Lateness>>;
  /** Fast ones that had not got the last event ten seconds after it was told. */
  readonly behind: number;
}

export interface ServerFigures {
  readonly before: MemoryFigures;
  /** With all listeners, before anything changes. */
  readonly joined: MemoryFigures;
  readonly joinedInMs: number;
  /** After all phases, before the slow ones wake up. */
  readonly after: MemoryFigures;
  readonly phases: readonly PhaseFigures[];
  readonly endings: Readonly<Record<Pace, Endings>>;
  /** The first result that came, as a message. */
  readonly samples: Readonly<Record<Kind, string>>;
}

/** A server with a way to make things change in it. */
export interface MeasuredServer {
  readonly url: string;
  readonly slowDoorPath: string;
  readonly memory: () => Promise<MemoryFigures>;
  readonly cpuMs: () => Promise<number>;
  readonly beat: (beat: Beat) => Promise<Sequences>;
  /** Called with all listeners there, after all phases. */
  readonly onCrowded?: () => Promise<void>;
}

/** Brings the crowd to a server, lets things change, and takes the crowd away again. */
export async function measureServer(
  server: MeasuredServer,
  { crowd, phases, start }: Measurement,
): Promise<ServerFigures> {
  const before = await server.memory();
  const processes = Array.from({ length: crowd.processes }, () => start('listeners-process'));
  try {
    const startedAt = performance.now();
    const samples = await joinAll(server, crowd, processes);
    const joinedInMs = performance.now() - startedAt;
    const joined = await server.memory();

    const all = processes as [ChildProcess, ...ChildProcess[]];
    await Promise.all(all.map((child) => ask<ListenersAnswers, 'slowDown'>(child, 'slowDown')));
    const measured: PhaseFigures[] = [];
    for (const phase of phases) measured.push(await measurePhase(server, processes, phase));

    const after = await server.memory();
    await server.onCrowded?.();
    const endings = await Promise.all(
      processes.map((child) => ask<ListenersAnswers, 'wakeUp'>(child, 'wakeUp')),
    );
    await Promise.all(processes.map((child) => ask<ListenersAnswers, 'leave'>(child, 'leave')));
    const ended = (pace: Pace) => sum(endings.map((ending) => ending[pace]));
    return {
      before,
      joined,
      joinedInMs,
      after,
      phases: measured,
      endings: { fast: ended('fast'), sluggish: ended('sluggish'), stuck: ended('stuck') },
      samples,
    };
  } finally {
    for (const child of processes) child.kill();
  }
}

async function joinAll(server: MeasuredServer, crowd: Crowd, processes: readonly ChildProcess[]) {
  const { url, slowDoorPath } = server;
  const listeners = listenersOf(crowd);
  const samples = await Promise.all(
    processes.map((child, share) =>
      ask<ListenersAnswers, 'join'>(child, 'join', {
        url,
        slowDoorPath,
        listeners: listeners.filter((_, index) => index % processes.length === share),
        atOnce: 25,
      }),
    ),
  );
  const sampleOf = (kind: Kind) => samples.find((sample) => sample[kind])?.[kind] ?? '';
  return { playlist: sampleOf('playlist'), own: sampleOf('own') };
}

function listenersOf({ playlist, own, slowOneIn }: Crowd): Joining['listeners'] {
  const paceOf = (index: number): Pace =>
    index % slowOneIn !== 0 ? 'fast' : index % (2 * slowOneIn) === 0 ? 'stuck' : 'sluggish';
  return Array.from({ length: own + playlist }, (_, viewer) => ({
    kind: viewer < own ? ('own' as const) : ('playlist' as const),
    pace: paceOf(viewer),
    viewer,
  }));
}

async function measurePhase(
  server: MeasuredServer,
  processes: readonly ChildProcess[],
  phase: Phase,
): Promise<PhaseFigures> {
  const cpuMsBefore = await server.cpuMs();
  const { name, ...beat } = phase;
  const last = await server.beat(beat);
  const all: Heard[] = await Promise.all(
    processes.map((child) => ask<ListenersAnswers, 'heard'>(child, 'heard', last)),
  );
  const cpuMs = (await server.cpuMs()) - cpuMsBefore;
  const lateness = (kind: Kind) =>
    all.map((heard) => new Lateness(heard.lateness[kind])).reduce((total, next) => total.plus(next));
  return {
    name,
    delivered: all.reduce((total, heard) => total + heard.delivered, 0),
    cpuMs,
    lateness: { playlist: lateness('playlist'), own: lateness('own') },
    behind: all.reduce((total, heard) => total + heard.behind, 0),
  };
}

function sum(all: readonly Endings[]): Endings {
  const total: Record<string, number> = {};
  for (const endings of all)
    for (const [how, count] of Object.entries(endings)) total[how] = (total[how] ?? 0) + count;
  return total;
}
