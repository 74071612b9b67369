import { randomUUID } from 'node:crypto';
import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import { createRandom } from '@medley/catalog/sample/random';
import type { EventLog } from '@medley/event-log';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../recipes/without-a-gap.ts';
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts';
import { type Follower, follow, transports } from './follower.ts';
import type {
  LivePlaysEvent,
  PlaybackStateEvent,
  PlayCountEvent,
  PlaylistEvent,
  RecommendationsEvent,
} from './live-events.ts';
import { createRandomPeople, type Person, type RandomPeople } from './random-people.ts';
import { type LiveService, startLiveService } from './start-live.ts';

const seed = process.env.SEED ?? 'fifty';
const [groups, groupSize, deeds, atOnce] = [10, 5, 200, 4];
const { everywhere, inGermany } = sampleLandmarks;
const trackIds = [everywhere.id, inGermany.id];
// A quiet machine needs a few seconds; one on which all suites run at once many times as long.
const [patience, startPatience] = [30_000, 180_000].map((timeout) => ({ timeout, interval: 50 }));

/** @param openLog where what happens is told; kept in a folder when it is left out */
export function randomPeopleSuite(openLog?: () => Promise<EventLog>): void {
  describe(`fifty people who play, queue and edit while their connections break, seed "${seed}"`, {
    timeout: 300_000,
  }, () => {
    const random = createRandom(seed);
    const following: Follower<unknown>[] = [];
    let eventLog: EventLog | undefined;
    let service: LiveService;
    // A way to each router: of graphql-sse's single connection all requests go to one.
    let proxies: readonly FlakyProxy[];
    let people: readonly Person[];
    let acting: RandomPeople;
    // Of two groups the last one is removed on the way.
    let removed: ReadonlySet<Person>;

    let states: readonly Follower<PlaybackStateEvent>[];
    let playlists: readonly Follower<PlaylistEvent>[];
    let recommended: readonly Follower<RecommendationsEvent>[];
    let counts: readonly Follower<PlayCountEvent>[];
    let plays: readonly Follower<LivePlaysEvent>[];

    const person = (index: number) => people[index] as Person;

    function start<Event extends LiveEvent>(
      token: string,
      operation: string,
      variables?: Record<string, unknown>,
      transport = random.pick(transports),
    ): Follower<Event> {
      const { url } = random.pick(proxies);
      const follower = follow<Event>({ url, token, operation, variables, transport });
      following.push(follower);
      return follower;
    }

    const breakSome = (share: number) => {
      for (const proxy of proxies) proxy.break(() => random.chance(share));
    };

    beforeAll(async () => {
      eventLog = await openLog?.();
      service = await startLiveService({ eventLog, routers: 2 });
      people = await gather(service);
      removed = new Set([person(groupSize - 1), person(2 * groupSize - 1)]);
      acting = createRandomPeople(service, random, people, trackIds);
      const open = [...service.routers];
      const [first] = open;
      proxies = await Promise.all(
        open.map((_, index) => startFlakyProxy(() => (open[index] ?? first)?.url ?? '')),
      );

      states = people.map(({ token }) => start(token, 'PlaybackStateChanged'));
      playlists = people.map(({ token, playlistId }) => start(token, 'PlaylistChanged', { id: playlistId }));
      recommended = people.slice(0, 5).map(({ token }) => start(token, 'RecommendationsUpdated'));
      counts = trackIds.map((trackId) => start(person(0).token, 'PlayCountChanged', { trackId }));
      plays = transports.map((transport) => start(service.tokenOf('analyst'), 'LivePlays', {}, transport));
      const silent = () => following.filter(({ events }) => events.length === 0);
      await vi
        .waitUntil(() => silent().length === 0 || silent().some((one) => one.ended()), startPatience)
        .catch(() => {});
      const waiting = silent().map(({ problems }) => problems);
      if (waiting.length > 0)
        throw new Error(`of ${following.length} streams were silent: ${JSON.stringify(waiting)}`);

      for (let done = 0; done < deeds; done += atOnce) {
        await Promise.all(Array.from({ length: atOnce }, () => acting.act()));
        if (random.chance(0.2)) breakSome(0.3);
        if (done === 100) for (const who of removed) await acting.remove(ownerOf(who), who);
        if (done === 140) await open.pop()?.stop();
      }
      breakSome(0.5);
    }, 600_000);
    afterAll(async () => {
      for (const follower of following) follower.stop();
      for (const proxy of proxies ?? []) await proxy.stop();
      await service?.stop();
      await eventLog?.close();
    }, 120_000);

    const ownerOf = (who: Person) => person(people.indexOf(who) - (people.indexOf(who) % groupSize));

    it('nobody misses the last state of his devices and his queue, sees it go back, or sees that of another', async () => {
      for (const [index, { token, device }] of people.entries()) {
        const { events } = states[index] as Follower<PlaybackStateEvent>;
        const { data } = await service.ask(playbackNow, {}, token);
        await expect.poll(() => summary(events.at(-1)?.state), patience).toEqual(summary(data.me.playback));
        const revisions = events.map(({ state }) => state.queue.revision);
        expect(revisions).toEqual([...revisions].sort((one, other) => one - other));
        const devices = events.flatMap(({ state }) => [state.session?.device.id, state.queue.updatedBy?.id]);
        expect(devices.filter((id) => id && !id.startsWith(`${device}.`))).toEqual([]);
        expect(kindsOf(events)).toEqual(new Set(events.length > 1 ? ['STARTED', 'CHANGED'] : ['STARTED']));
      }
    });

    it('everybody is told every edit of the playlist that he edits, once, in one order, and none of another', async () => {
      for (let group = 0; group < groups; group += 1) {
        const { playlistId } = person(group * groupSize);
        const taken = acting.edits.filter((edit) => edit.playlistId === playlistId).map(operationOf);
        const members = people.filter((who) => who.playlistId === playlistId && !removed.has(who));
        const told = members.map((who) => playlists[people.indexOf(who)] as Follower<PlaylistEvent>);
        for (const { events } of told) {
          await expect.poll(() => toldEdits(events).length, patience).toBe(taken.length);
          expect([...toldEdits(events)].sort()).toEqual([...taken].sort());
          expect(toldEdits(events)).toEqual(toldEdits(told[0]?.events ?? []));
          expect(new Set(events.map(({ playlist }) => playlist.id))).toEqual(new Set([playlistId]));
          const positions = events.map(({ playlist }) => Number(playlist.snapshotId.split('-').at(-1)));
          expect(positions).toEqual([...positions].sort((one, other) => one - other));
          expect(events.filter(({ kind }) => kind === 'GAP')).toEqual([]);
        }
        const { data } = await service.ask(playlistNow, { id: playlistId }, members[0]?.token);
        for (const { events } of told) expect(events.at(-1)?.playlist).toMatchObject(data.playlist);
      }
    });

    it('who is removed is told nothing from then on', async () => {
      for (const who of removed) {
        const { events, ended } = playlists[people.indexOf(who)] as Follower<PlaylistEvent>;
        await expect.poll(ended, patience).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
        const kinds = events.flatMap(({ edits }) => edits.map(({ kind }) => kind));
        expect(kinds).not.toContain('COLLABORATOR_REMOVED');
        const other = playlists[people.indexOf(ownerOf(who))] as Follower<PlaylistEvent>;
        const all = toldEdits(other.events);
        expect(toldEdits(events)).toEqual(all.slice(0, toldEdits(events).length));
        expect(toldEdits(events).length).toBeLessThan(all.length);
      }
    });

    it('plays are counted second by second, each second once, on every transport', async () => {
      const total = [...acting.playsOf.values()].reduce((sum, count) => sum + count, 0);
      expect(total).toBeGreaterThan(10);
      for (const { events } of plays) {
        await expect.poll(() => events.reduce((sum, event) => sum + event.plays, 0), patience).toBe(total);
        const seconds = events.map(({ at }) => Date.parse(at) / 1_000);
        expect(seconds).toEqual(seconds.map((_, index) => (seconds[0] ?? 0) + index));
      }
      for (const [index, trackId] of trackIds.entries()) {
        const { events } = counts[index] as Follower<PlayCountEvent>;
        await expect.poll(() => events.at(-1)?.playCount, patience).toBe(acting.playsOf.get(trackId) ?? 0);
        const told = events.map(({ playCount }) => playCount);
        expect(told).toEqual([...told].sort((one, other) => one - other));
      }
    });

    it('a play reaches the recommendations of who played, and of nobody else', async () => {
      for (const [index, { events }] of recommended.entries()) {
        const causes = () => events.flatMap(({ causes }) => causes);
        if (person(index).hasPlayed) await expect.poll(causes, patience).toContain('PLAYS');
        else expect(causes()).not.toContain('PLAYS');
      }
    });

    it('connections did break', () => {
      expect(proxies.reduce((sum, proxy) => sum + proxy.broken(), 0)).toBeGreaterThan(people.length);
    });
  });
}

async function gather(service: LiveService): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let group = 0; group < groups; group += 1) {
    const members = [];
    for (let member = 0; member < groupSize; member += 1)
      members.push(await service.makeAccount(`${member} of ${group}`));
    const [owner, ...others] = members;
    const input = { operationId: randomUUID(), name: `Of group ${group}`, privacy: 'PRIVATE', trackIds: [] };
    const { data } = await service.ask(create, { input }, owner?.token);
    const playlistId: string = data.playlistCreate.playlist.id;
    for (const { id: userId } of others) {
      const collaborator = { operationId: randomUUID(), playlistId, userId };
      await service.ask(collaborate, { input: collaborator }, owner?.token);
    }
    for (const [index, account] of members.entries())
      people.push({ ...account, device: `device-${group}-${index}`, playlistId, hasPlayed: false });
  }
  return people;
}

const operationOf = ({ operationId }: { readonly operationId: string }) => operationId;
const toldEdits = (events: readonly PlaylistEvent[]) => events.flatMap(({ edits }) => edits.map(operationOf));
const kindsOf = (events: readonly LiveEvent[]) => new Set(events.map(({ kind }) => kind));

/** What is to be the same in the last event and in an answer. */
function summary(state: PlaybackStateEvent['state'] | undefined) {
  return {
    device: state?.session?.device.id,
    track: state?.session?.track.id,
    paused: state?.session?.paused,
    revision: state?.queue.revision,
  };
}

const playbackNow = `{
  me { playback { session { device { id } track { id } paused } queue { revision } } }
}`;
const playlistNow = 'query ($id: ID!) { playlist(id: $id) { name itemCount snapshotId } }';
const create =
  'mutation ($input: PlaylistCreateInput!) { playlistCreate(input: $input) { playlist { id } } }';
const collaborate = `mutation ($input: PlaylistCollaboratorAddInput!) {
  playlistCollaboratorAdd(input: $input) { userErrors { message } }
}`;
