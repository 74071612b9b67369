import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createCursors } from '@medley/connection';
import { decodePlayPosition } from '@medley/events';
import type { Identity } from '@medley/identity';
import { decodeId, encodeId, newUuid } from '@medley/ids';
import { openArchiveStore } from '@medley/recommendations/adapters/archive-store';
import { openRepositories } from '@medley/recommendations/adapters/prisma-repositories';
import { createRecommendations } from '@medley/recommendations/recommendations';
import { createLogger, createMetrics } from '@medley/service';
import { createTestCaller, createTestVerifier, testKeys } from '@medley/testing';
import { openReportedPlays } from '../events/reporting.ts';
import type { Parts } from './parts.ts';
import { openScreens } from './pushed.ts';

/** Somebody with a radio. */
export interface Listener {
  /** `user_…` */
  readonly id: string;
  readonly seed: string;
}

/** A page of a radio. */
export interface RadioPage {
  readonly trackIds: readonly string[];
  readonly endCursor: string;
}

/**
 * Streaming takes reports, recommendations follow them and answer; GraphQL without a network between. What is pushed goes through a router and by
 * WebSockets.
 */
export interface Listening {
  readonly listeners: readonly Listener[];
  /** As many, to play something meanwhile. */
  readonly others: readonly Listener[];
  /** Of the whole catalog. */
  readonly trackIds: readonly string[];
  readonly artistOf: (trackId: string) => string;
  /** @returns the `recommendationsToken` */
  report(listener: Listener, trackId: string, how: 'SKIPPED' | 'HEARD'): Promise<string>;
  /** Waits until a play is in the profile, where every process sees it. It looks there every 2 ms. */
  untilInProfile(listener: Listener, token: string): Promise<void>;
  /** Asks for recommendations with a play in them. @throws Error when it is not in in time */
  catchUp(listener: Listener, token: string): Promise<void>;
  /** Waits until recommendations with one play more are pushed to the screen of a listener, through a router. */
  untilPushed(listener: Listener): Promise<void>;
  radio(listener: Listener, after: string | null): Promise<RadioPage>;
  close(): Promise<void>;
}

const [artists, tracksOfEach] = [200, 25];

export async function openListening(parts: Parts, listenerCount: number): Promise<Listening> {
  const [logger, metrics] = [createLogger('bench', 'error'), createMetrics()];
  const rows = openRepositories(parts.database);
  const catalog = inventCatalog();
  for (let at = 0; at < catalog.tracks.length; at += 1_000) {
    const tracks = catalog.tracks.slice(at, at + 1_000);
    await rows.catalogCopy.save({ genres: [], albums: [], artists: at === 0 ? catalog.artists : [], tracks });
  }
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const recommendations = await createRecommendations({
    ...parts,
    rows,
    archiveStore: openArchiveStore(folder),
    cursors: createCursors(testKeys),
    identity: createTestVerifier('recommendations'),
    logger,
    metrics,
    onCrash(error) {
      throw error;
    },
  });
  const following = recommendations.start();
  const { ask } = createTestCaller(recommendations.app);
  const streaming = await openReportedPlays(parts.log);
  const byTrack = new Map(catalog.tracks.map(({ id, artistIds }) => [id, artistIds[0] ?? '']));

  const createListeners = (): Listener[] =>
    Array.from({ length: listenerCount }, (_, index) => ({
      id: encodeId('user', newUuid()),
      seed: catalog.artists[index % artists]?.id ?? '',
    }));
  const listeners = createListeners();
  const screens = await openScreens(
    recommendations.app,
    listeners.map(({ id }) => id),
  );

  return {
    listeners,
    others: createListeners(),
    trackIds: catalog.tracks.map(({ id }) => id),
    artistOf: (trackId) => byTrack.get(trackId) ?? '',
    async report({ id }, trackId, how) {
      const now = Date.now();
      const event = {
        id: newUuid(),
        playbackToken: streaming.tokenOf(id, trackId),
        // What is skipped at once began after the radio did.
        playedAt: new Date(now - (how === 'SKIPPED' ? 0 : 200_000)).toISOString(),
        msPlayed: how === 'SKIPPED' ? 0 : 199_000,
        startReason: 'TRACK_DONE',
        endReason: how === 'SKIPPED' ? 'FORWARD' : 'TRACK_DONE',
      };
      const variables = { input: { events: [event], sentAt: new Date(now).toISOString() } };
      const { data, errors } = await streaming.ask<Reported>(reporting, variables, viewer(id));
      const token = data?.playbackReport?.recommendationsToken;
      if (!token) throw new Error(`a play was not stored: ${JSON.stringify(errors ?? data)}`);
      return token;
    },
    async untilInProfile({ id }, token) {
      const [userId, place] = [decodeId(id, 'user'), decodePlayPosition(token)];
      if (!place) throw new Error(`expected the place of a play, got ${token}`);
      for (;;) {
        const positions = (await parts.fastProfiles.findPositions([userId])).get(userId);
        if (BigInt(positions?.[place.partition] ?? 0) > place.offset) return;
        await setTimeout(2);
      }
    },
    async catchUp({ id }, token) {
      const { data, errors } = await ask<Recommended>(recommended, { id, token }, viewer(id));
      if (!data?._entities[0]?.recommendations?.caughtUp)
        throw new Error(`a play was not in in time: ${JSON.stringify(errors ?? data)}`);
    },
    untilPushed: ({ id }) => screens.untilPushed(id),
    async radio({ id, seed }, after) {
      const { data, errors } = await ask<Radio>(radio, { seed, after }, viewer(id));
      const page = data?.radio;
      if (!page?.pageInfo.endCursor)
        throw new Error(`a radio has no next page: ${JSON.stringify(errors ?? data)}`);
      return { trackIds: page.edges.map(({ node }) => node.id), endCursor: page.pageInfo.endCursor };
    },
    async close() {
      await screens.close();
      await streaming.close();
      await following.stop();
      await recommendations.app.stop();
      await recommendations.stop();
      await rows.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Five genres: a radio has tracks of 40 artists to choose from. */
function inventCatalog() {
  const genreIds = Array.from({ length: 5 }, () => encodeId('genre', newUuid()));
  const genreOf = (artist: number) => genreIds.slice(artist % 5, (artist % 5) + 1);
  const invented = Array.from({ length: artists }, (_, index) => ({
    id: encodeId('artist', newUuid()),
    version: 1,
    name: `Artist ${index}`,
    popularity: 50,
    genreIds: genreOf(index),
  }));
  const tracks = invented.flatMap((artist, index) =>
    Array.from({ length: tracksOfEach }, (_, number) => ({
      id: encodeId('track', newUuid()),
      version: 1,
      title: `Track ${number} of ${index}`,
      explicit: false,
      withdrawn: false,
      popularity: (index * 7 + number) % 100,
      albumId: null,
      artistIds: [artist.id],
      genreIds: genreOf(index),
      features: null,
      markets: ['DE'],
    })),
  );
  return { artists: invented, tracks };
}

const viewer = (id: string): Partial<Identity> => ({
  actor: { kind: 'viewer', id, sessionId: 'session_bench', scopes: [] },
  market: 'DE',
  marketSource: 'ADDRESS',
});

interface Reported {
  readonly playbackReport: { readonly recommendationsToken: string | null } | null;
}
interface Recommended {
  readonly _entities: readonly ({ readonly recommendations: { readonly caughtUp: boolean } | null } | null)[];
}
interface Radio {
  readonly radio: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly endCursor: string | null };
  } | null;
}

const reporting = `mutation Report($input: PlaybackReportInput!) {
  playbackReport(input: $input) { recommendationsToken results { status code } userErrors { message } }
}`;
const recommended = `query Recommended($id: ID!, $token: String!) {
  _entities(representations: [{ __typename: "Viewer", id: $id }]) {
    ... on Viewer { recommendations(after: $token) { caughtUp asOf eventLagMs } }
  }
}`;
const radio = `query Radio($seed: ID!, $after: String) {
  radio(seed: $seed, first: 10, after: $after) { edges { node { id } } pageInfo { endCursor } }
}`;
