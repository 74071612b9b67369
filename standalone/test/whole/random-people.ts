import { randomUUID } from 'node:crypto';
import type { Random } from '@medley/catalog/sample/random';
import type { Account, LiveService } from './start-live.ts';

/** Somebody who plays, queues and edits at random. */
export interface Person extends Account {
  /** What all devices of the account are called by. */
  readonly device: string;
  /** The playlist that the person edits with others. */
  readonly playlistId: string;
  /** Whether a play was reported. */
  hasPlayed: boolean;
}

/** An edit that was taken. */
export interface TakenEdit {
  readonly operationId: string;
  readonly playlistId: string;
}

export interface RandomPeople {
  /** One thing that one of them does. */
  act(): Promise<void>;
  /** The owner ends that a person edits with others. */
  remove(owner: Person, person: Person): Promise<void>;
  /** In about the order in which they were taken. */
  readonly edits: readonly TakenEdit[];
  /** Of each track: how often it was reported as played. */
  readonly playsOf: ReadonlyMap<string, number>;
}

export function createRandomPeople(
  service: LiveService,
  random: Random,
  people: readonly Person[],
  trackIds: readonly string[],
): RandomPeople {
  const edits: TakenEdit[] = [];
  const playsOf = new Map<string, number>();
  // An account is one person: it does one thing after the other.
  const busy = new Map<Person, Promise<unknown>>();

  async function mutate(person: Person, mutation: string, input: object, selection: string) {
    const type = mutation === 'playbackTakeOver' ? 'PlaybackStart' : mutation.replace(/^p/, 'P');
    const query = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { ${selection} userErrors { code message } } }`;
    const { data, errors } = await service.ask(query, { input }, person.token);
    if (errors) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    return data[mutation];
  }

  async function edit(person: Person, mutation: string, input: object): Promise<void> {
    const operationId = randomUUID();
    const { playlistId } = person;
    const answer = await mutate(person, mutation, { operationId, playlistId, ...input }, 'snapshotId');
    // Who was removed is told so.
    if (answer.userErrors.length === 0) edits.push({ operationId, playlistId });
  }

  async function play(person: Person): Promise<void> {
    const trackId = random.pick(trackIds);
    const device = { id: `${person.device}.${random.integer(1, 3)}`, name: person.name };
    const { result } = await mutate(
      person,
      'playbackTakeOver',
      { trackId, quality: 'NORMAL', device },
      'result { __typename ... on PlaybackStarted { grant { playbackToken } session { id } } }',
    );
    if (result?.__typename !== 'PlaybackStarted') throw new Error(`not started: ${JSON.stringify(result)}`);
    const beat = {
      sessionId: result.session.id,
      positionMs: random.integer(0, 60_000),
      paused: random.chance(0.5),
    };
    await mutate(person, 'playbackHeartbeat', beat, 'status');
    // Of plays that overlap one counts.
    if (person.hasPlayed) return;
    const event = {
      id: randomUUID(),
      playbackToken: result.grant.playbackToken,
      playedAt: new Date().toISOString(),
      msPlayed: 41_000,
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
    };
    const { results } = await mutate(
      person,
      'playbackReport',
      { events: [event] },
      'results { status counted }',
    );
    // On a busy machine the log may be late; a play that is deferred reaches it too.
    if (!['STORED', 'DEFERRED'].includes(results[0]?.status))
      throw new Error(`not stored: ${JSON.stringify(results)}`);
    person.hasPlayed = true;
    playsOf.set(trackId, (playsOf.get(trackId) ?? 0) + 1);
  }

  const deeds: ((person: Person) => Promise<unknown>)[] = [
    play,
    (person) =>
      mutate(
        person,
        'playbackQueueReplace',
        { device: { id: `${person.device}.0`, name: person.name }, trackIds: random.sample(trackIds, 3) },
        'queue { revision }',
      ),
    (person) =>
      edit(person, 'playlistItemsAdd', {
        trackIds: [random.pick(trackIds), random.pick(trackIds)],
        place: { at: random.chance(0.5) ? 'START' : 'END' },
      }),
    (person) => edit(person, 'playlistItemsAdd', { trackIds: [random.pick(trackIds)], place: { at: 'END' } }),
  ];

  return {
    edits,
    playsOf,
    async act() {
      const [person, deed] = [random.pick(people), random.pick(deeds)];
      const before = busy.get(person) ?? Promise.resolve();
      const done = before.then(() => deed(person));
      busy.set(
        person,
        done.catch(() => {}),
      );
      await done;
    },
    async remove(owner, { id: userId }) {
      await edit(owner, 'playlistCollaboratorRemove', { userId });
    },
  };
}
