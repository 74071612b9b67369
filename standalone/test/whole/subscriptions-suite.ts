import { randomUUID } from 'node:crypto';
import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import type { EventLog } from '@medley/event-log';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Follower, type FollowerOptions, follow, transports } from './follower.ts';
import type {
  LivePlaysEvent,
  PlaybackStateEvent,
  PlayCountEvent,
  PlaylistEvent,
  RecommendationsEvent,
} from './live-events.ts';
import { type Account, type LiveService, startLiveService } from './start-live.ts';

const { everywhere, onlyNorthAmerica } = sampleLandmarks;
const patience = { timeout: 40_000, interval: 20 };

/** @param openLog where what happens is told; kept in a folder when it is left out */
export function subscriptionsSuite(name: string, openLog?: () => Promise<EventLog>): void {
  describe(name, { timeout: 120_000 }, () => {
    let service: LiveService;
    let eventLog: EventLog | undefined;
    let people: Account[];
    const following: Follower<unknown>[] = [];

    beforeAll(async () => {
      eventLog = await openLog?.();
      service = await startLiveService({ eventLog, routers: 2 });
      people = [];
      for (const person of ['Ada', 'Ben', 'Cleo', 'Dora']) people.push(await service.makeAccount(person));
      // The catalog comes to recommendations by the log.
      const query = '{ me { recommendations { shelves { id } } } }';
      const readShelves = async () => {
        const { data } = await service.ask(query, {}, person(3).token);
        expect(data?.me?.recommendations?.shelves).not.toEqual([]);
      };
      await vi.waitFor(readShelves, { timeout: 90_000, interval: 250 });
    }, 180_000);
    afterAll(async () => {
      for (const follower of following) follower.stop();
      await service?.stop();
      await eventLog?.close();
    });

    function start<Event extends PlaylistEvent | PlaybackStateEvent | RecommendationsEvent>(
      options: Omit<FollowerOptions, 'url'> & { readonly router?: number },
    ): Follower<Event>;
    function start<Event extends PlayCountEvent | LivePlaysEvent>(
      options: Omit<FollowerOptions, 'url'> & { readonly router?: number },
    ): Follower<Event>;
    function start({ router = 0, ...options }: Omit<FollowerOptions, 'url'> & { readonly router?: number }) {
      const follower = follow({ ...options, url: service.routers[router]?.url ?? '' });
      following.push(follower);
      return follower;
    }
    const person = (index: number) => people[index] as Account;
    /** Where nothing comes, what went wrong is seen in what fails. */
    const untilTold = ({ events, problems }: Follower<unknown>) =>
      expect.poll(() => (events.length > 0 ? 'told' : problems), patience).toBe('told');

    it('a WebSocket, server-sent events and Apollo Client are told of an edit with what three subgraphs know of it', async () => {
      const [ada, ben] = [person(0), person(1)];
      const playlistId = await createPlaylist(service, ada, [everywhere.id]);
      for (const { id } of people.slice(1)) await addCollaborator(service, ada, playlistId, id);
      // Each on another transport, and on the one or the other router.
      const followers = transports.map((transport, index) =>
        start<PlaylistEvent>({
          transport,
          token: person(index).token,
          operation: 'PlaylistChanged',
          variables: { id: playlistId },
          router: index % 2,
        }),
      );
      for (const follower of followers) {
        await untilTold(follower);
        const { events } = follower;
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({ kind: 'STARTED', edits: [], playlist: { itemCount: 1 } });
      }
      const operationId = randomUUID();
      await addTrack(service, ben, playlistId, onlyNorthAmerica.id, operationId);
      for (const { events } of followers) {
        await expect.poll(() => events.length, patience).toBe(2);
        const [, event] = events;
        expect(event).toMatchObject({
          kind: 'CHANGED',
          edits: [{ operationId, kind: 'ITEMS_ADDED', by: { displayName: 'Ben' } }],
          playlist: { id: playlistId, itemCount: 2 },
        });
        const [first, second] = event?.playlist.items.nodes ?? [];
        expect(first).toMatchObject({ addedBy: { displayName: 'Ada' }, track: { id: everywhere.id } });
        expect(second).toMatchObject({ addedBy: { displayName: 'Ben' }, track: { id: onlyNorthAmerica.id } });
        for (const item of [first, second]) expect(item?.track?.title).toEqual(expect.any(String));
        expect(first?.track?.artists.length).toBeGreaterThan(0);
      }

      await removeCollaborator(service, ada, playlistId, person(2).id);
      await expect
        .poll(() => followers[2]?.ended(), patience)
        .toMatchObject({ extensions: { code: 'NOT_FOUND' } });
      await addTrack(service, ben, playlistId, everywhere.id);
      const added = ({ edits }: PlaylistEvent) => edits.filter(({ kind }) => kind === 'ITEMS_ADDED').length;
      for (const index of [0, 1, 3]) {
        const { events } = followers[index] as Follower<PlaylistEvent>;
        await expect.poll(() => events.reduce((sum, event) => sum + added(event), 0), patience).toBe(2);
        expect(events.at(-1)?.playlist.itemCount).toBe(3);
      }
      expect(followers[2]?.events.at(-1)?.playlist.itemCount).toBe(2);
    });

    it('who may not see a playlist is told so on every transport, like who has a bad token', async () => {
      const playlistId = await createPlaylist(service, person(0), []);
      const variables = { id: playlistId };
      for (const [token, code] of [
        [(await service.makeAccount('A stranger')).token, 'NOT_FOUND'],
        ['nonsense', 'UNAUTHENTICATED'],
      ] as const) {
        const followers = transports.map((transport) =>
          start<PlaylistEvent>({ transport, token, operation: 'PlaylistChanged', variables }),
        );
        for (const [index, follower] of followers.entries()) {
          await expect.poll(follower.ended, { ...patience, message: transports[index] }).toBeDefined();
          expect(follower.ended()?.extensions?.code, transports[index]).toBe(code);
          expect(follower.events).toEqual([]);
        }
      }
    });

    it('a play reaches the devices of its listener, its track, the recommendations and the analysts', async () => {
      const dora = person(3);
      const followEach = <Event extends PlaybackStateEvent>(operation: string) =>
        transports.map((transport) => start<Event>({ transport, token: dora.token, operation }));
      const states = followEach<PlaybackStateEvent>('PlaybackStateChanged');
      const recommended = start<RecommendationsEvent>({
        transport: 'WebSocket',
        token: dora.token,
        operation: 'RecommendationsUpdated',
      });
      const counts = start<PlayCountEvent>({
        transport: 'SSE',
        token: dora.token,
        operation: 'PlayCountChanged',
        variables: { trackId: everywhere.id },
      });
      const plays = start<LivePlaysEvent>({
        transport: 'multipart',
        token: service.tokenOf('analyst'),
        operation: 'LivePlays',
        variables: { market: 'DE' },
      });
      for (const follower of [...states, recommended, counts, plays]) await untilTold(follower);

      const playbackToken = await startPlaying(service, dora, everywhere.id, 'kitchen');
      for (const { events } of states) {
        await expect.poll(() => events.at(-1)?.state.session?.device.id, patience).toBe('kitchen');
        const track = events.at(-1)?.state.session?.track;
        expect(track).toMatchObject({ id: everywhere.id, viewerHasSaved: false, title: expect.any(String) });
      }
      await reportPlay(service, dora, playbackToken);
      await expect.poll(() => counts.events.at(-1)?.playCount, patience).toBe(1);
      expect(counts.events.at(-1)?.track.title).toBe(states[0]?.events.at(-1)?.state.session?.track.title);
      await expect.poll(() => plays.events.reduce((sum, event) => sum + event.plays, 0), patience).toBe(1);
      // Others may have come behind it: a model of the first training, for one.
      const ofThePlay = () => recommended.events.find(({ causes }) => causes.includes('PLAYS'));
      await expect.poll(ofThePlay, patience).toBeDefined();
      const [shelf] = ofThePlay()?.recommendations.shelves ?? [];
      expect(shelf?.items.length).toBeGreaterThan(0);
    });
  });
}

async function change(service: LiveService, { token }: Account, mutation: string, input: object) {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const query = `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { playlist { id } userErrors { message } } }`;
  const { data, errors } = await service.ask(
    query,
    { input: { operationId: randomUUID(), ...input } },
    token,
  );
  expect(errors ?? data[mutation].userErrors).toEqual([]);
  return data[mutation].playlist?.id as string;
}

const createPlaylist = (service: LiveService, owner: Account, trackIds: readonly string[]) =>
  change(service, owner, 'playlistCreate', { name: 'On the road', privacy: 'PRIVATE', trackIds });

const addCollaborator = (service: LiveService, owner: Account, playlistId: string, userId: string) =>
  change(service, owner, 'playlistCollaboratorAdd', { playlistId, userId });

const removeCollaborator = (service: LiveService, owner: Account, playlistId: string, userId: string) =>
  change(service, owner, 'playlistCollaboratorRemove', { playlistId, userId });

const addTrack = (
  service: LiveService,
  by: Account,
  playlistId: string,
  trackId: string,
  operationId: string = randomUUID(),
) =>
  change(service, by, 'playlistItemsAdd', {
    operationId,
    playlistId,
    trackIds: [trackId],
    place: { at: 'END' },
  });

async function startPlaying(service: LiveService, { token }: Account, trackId: string, device: string) {
  const query = `mutation ($input: PlaybackStartInput!) {
    playbackStart(input: $input) { result { ... on PlaybackStarted { grant { playbackToken } } } userErrors { message } }
  }`;
  const input = { trackId, quality: 'NORMAL', device: { id: device, name: device } };
  const { data, errors } = await service.ask(query, { input }, token);
  expect(errors ?? data.playbackStart.userErrors).toEqual([]);
  return data.playbackStart.result.grant.playbackToken as string;
}

async function reportPlay(service: LiveService, { token }: Account, playbackToken: string) {
  const query = `mutation ($input: PlaybackReportInput!) {
    playbackReport(input: $input) { results { status counted notCountedReason message } userErrors { message } }
  }`;
  const playedAt = new Date().toISOString();
  const event = { id: randomUUID(), playbackToken, playedAt, msPlayed: 41_000 };
  const input = { events: [{ ...event, startReason: 'CLICK', endReason: 'TRACK_DONE' }] };
  const { data } = await service.ask(query, { input }, token);
  expect(data.playbackReport).toMatchObject({
    results: [{ counted: true }],
    userErrors: [],
  });
}
