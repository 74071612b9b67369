import { createIdentityVerifier } from '@medley/identity';
import type { LinkedSubgraph } from '@medley/router';
import type { Logger } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import { createSubgraph, type RequestInfo } from '@medley/subgraph';
import { createInProcessLink, type LiveSubgraphLink } from '@medley/subgraph-link';

/** Twenty artists with five tracks each, every track with its playability from a second subgraph, and the viewer. */
export const benchOperation = `query Bench {
  artists(first: 20) {
    nodes {
      id
      name
      popularity
      topTracks(first: 5) { nodes { id title durationMs explicit playability { playable maxQuality code } } }
    }
  }
  me { email tier }
}`;

const id = (kind: string, number: number) => `${kind}_${String(number).padStart(26, '0')}`;

const tracksOf = (artist: number) =>
  Array.from({ length: 5 }, (_, index) => ({
    id: id('track', artist * 5 + index),
    title: `Track ${index + 1} of artist ${artist}`,
    durationMs: 200_000 + index,
    explicit: index === 3,
  }));

const resolvers = {
  analytics: {},
  catalog: {
    Query: {
      artists: () => ({
        nodes: Array.from({ length: 20 }, (_, index) => ({
          id: id('artist', index),
          name: `Artist ${index}`,
          popularity: index,
          topTracks: { nodes: tracksOf(index) },
        })),
      }),
    },
  },
  playlists: {},
  recommendations: {},
  search: {},
  streaming: {
    Track: { playability: () => ({ playable: true, maxQuality: 'LOSSLESS', code: null }) },
  },
  users: { Query: { me: () => ({ email: 'me@medley.example', tier: 'PREMIUM' }) } },
};

/**
 * Links to subgraphs that answer from memory: each request is still built, signed and read as text, but its answer is
 * computed once, so that what is measured is the router.
 */
export async function createRecordedLinks(
  keys: SigningKeys,
  logger: Logger,
): Promise<Record<LinkedSubgraph, LiveSubgraphLink>> {
  const create = async (name: LinkedSubgraph) => {
    const identity = createIdentityVerifier({ audience: name, keys });
    const createContext = (request: RequestInfo) => ({ request });
    const subgraph = await createSubgraph({
      name,
      resolvers: resolvers[name],
      createContext,
      identity,
      logger,
    });
    return record(createInProcessLink(name, subgraph));
  };
  return {
    analytics: await create('analytics'),
    catalog: await create('catalog'),
    playlists: await create('playlists'),
    recommendations: await create('recommendations'),
    search: await create('search'),
    streaming: await create('streaming'),
    users: await create('users'),
  };
}

function record(link: LiveSubgraphLink): LiveSubgraphLink {
  const answers = new Map<string, ReturnType<LiveSubgraphLink['send']>>();
  return {
    ...link,
    send(request) {
      let answer = answers.get(request.body);
      if (!answer) {
        answer = link.send(request);
        answers.set(request.body, answer);
      }
      return answer;
    },
  };
}
