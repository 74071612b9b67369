import { readConfig } from '@medley/config';
import { readOperations } from '@medley/schema';
import { createLogger } from '@medley/service';
import { startStandalone } from '@medley/standalone';
import { standaloneConfig } from '@medley/standalone/config';
import { createTerminalScreen } from '@medley/standalone/screen';
import { answerCpuQuestions, startBareServer } from '../bare-server.ts';

/** What the parent needs to know to load it. */
export interface PlaybackTarget {
  readonly graphUrl: string;
  readonly bareUrl: string;
  readonly bodies: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly answerBytes: number;
}

/**
 * The process that is measured: the whole service on embedded parts, on the sample catalog, and beside it a bare Node
 * server that returns the bytes of one grant.
 */
const { DATA_DIR } = process.env;
const config = readConfig(standaloneConfig, {
  DATA_DIR,
  PORT: '0',
  EDGE_PORT: '0',
  SAMPLE_LISTENING: 'off',
});
const standalone = await startStandalone(config, {
  screen: createTerminalScreen(process.stderr),
  logger: createLogger('bench', 'error'),
});
const graphUrl = `${standalone.url}/graphql`;
const premium = standalone.personas.find(({ name }) => name === 'premium-us');
const headers = { authorization: `Bearer ${premium?.token}` };

const trackIds = await findPlayableTracks();
const query = readOperations().find(({ name }) => name === 'PlaybackUrl')?.source;
const bodies = trackIds.map((trackId) => JSON.stringify({ query, variables: { trackId, quality: 'HIGH' } }));
const answer = await post(bodies[0] as string);

answerCpuQuestions();
// Nobody is left to stop it.
process.on('disconnect', () => process.exit(1));
process.on('message', async (message) => {
  if (message !== 'stop') return;
  await standalone.stop();
  process.exit(0);
});
process.send?.({
  graphUrl,
  bareUrl: await startBareServer(answer),
  bodies,
  headers,
  answerBytes: Buffer.byteLength(answer),
} satisfies PlaybackTarget);

/** Some hundred tracks of the artists that are listened to most. */
async function findPlayableTracks(): Promise<string[]> {
  const query = `query ($after: String) {
    artists(first: 100, after: $after) {
      nodes { topTracks(first: 3) { nodes { id playability { maxQuality } } } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  const playable = new Set<string>();
  let after: string | null = null;
  do {
    const { data }: { data: ArtistsPage } = JSON.parse(
      await post(JSON.stringify({ query, variables: { after } })),
    );
    for (const { id, playability } of data.artists.nodes.flatMap(({ topTracks }) => topTracks.nodes)) {
      if (playability.maxQuality === 'LOSSLESS') playable.add(id);
    }
    const { hasNextPage, endCursor } = data.artists.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after && playable.size < 100);
  if (playable.size === 0) throw new Error('the catalog has no track that premium-us may play');
  return [...playable];
}

interface ArtistsPage {
  readonly artists: {
    readonly nodes: readonly {
      topTracks: { nodes: { id: string; playability: { maxQuality: string | null } }[] };
    }[];
    readonly pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

async function post(body: string): Promise<string> {
  const response = await fetch(graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return response.text();
}
