import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BareAnswers } from './bare-process.ts';
import type { Kind } from './listener.ts';
import { type Measurement, measureServer, type ServerFigures } from './measure-server.ts';
import { ask } from './questions.ts';
import type { RouterAnswers } from './router-process.ts';
import type { SubgraphAnswers } from './subgraphs-process.ts';

export interface RouterFigures extends ServerFigures {
  /** Streams that the subgraphs had open: with all listeners, and when the last had left. */
  readonly upstream: { readonly crowded: number; readonly empty: number };
  /** What the router counts about subscriptions, as its `/metrics` tells it. */
  readonly metrics: readonly string[];
}

/** @param nodeOptions for the router's process, such as `--cpu-prof` */
export async function measureRouter(
  measurement: Measurement,
  nodeOptions: readonly string[] = [],
): Promise<RouterFigures> {
  const { crowd, start } = measurement;
  const slowDoorPath = freshSocketPath();
  const subgraphs = start('subgraphs-process', [String(crowd.own)]);
  const urls = await ask<SubgraphAnswers, 'urls'>(subgraphs, 'urls');
  const router = start('router-process', [JSON.stringify(urls), slowDoorPath], nodeOptions);
  try {
    let crowded = 0;
    let metrics: readonly string[] = [];
    const openStreams = () => ask<SubgraphAnswers, 'openStreams'>(subgraphs, 'openStreams');
    const figures = await measureServer(
      {
        url: await ask<RouterAnswers, 'url'>(router, 'url'),
        slowDoorPath,
        memory: () => ask<RouterAnswers, 'memory'>(router, 'memory'),
        cpuMs: () => ask<RouterAnswers, 'cpuMs'>(router, 'cpuMs'),
        beat: (beat) => ask<SubgraphAnswers, 'beat'>(subgraphs, 'beat', beat),
        async onCrowded() {
          crowded = await openStreams();
          metrics = await ask<RouterAnswers, 'metrics'>(router, 'metrics');
        },
      },
      measurement,
    );
    let empty = await openStreams();
    for (let turn = 0; turn < 100 && empty > 0; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      empty = await openStreams();
    }
    await ask<RouterAnswers, 'stop'>(router, 'stop');
    return { ...figures, upstream: { crowded, empty }, metrics };
  } finally {
    // Its links stay open, and a profile is written when it ends by itself.
    if (router.connected) router.disconnect();
    subgraphs.kill();
  }
}

/** @param samples what the router sent, to be sent by the bare server too */
export async function measureBareServer(
  measurement: Measurement,
  samples: Readonly<Record<Kind, string>>,
): Promise<ServerFigures> {
  const { crowd, start } = measurement;
  const slowDoorPath = freshSocketPath();
  const bare = start('bare-process', [String(crowd.own), slowDoorPath]);
  try {
    const resultOf = (message: string) =>
      JSON.stringify((JSON.parse(message) as { payload: unknown }).payload);
    await ask<BareAnswers, 'templates'>(bare, 'templates', {
      playlist: resultOf(samples.playlist),
      own: resultOf(samples.own),
    });
    const figures = await measureServer(
      {
        url: await ask<BareAnswers, 'url'>(bare, 'url'),
        slowDoorPath,
        memory: () => ask<BareAnswers, 'memory'>(bare, 'memory'),
        cpuMs: () => ask<BareAnswers, 'cpuMs'>(bare, 'cpuMs'),
        beat: (beat) => ask<BareAnswers, 'beat'>(bare, 'beat', beat),
      },
      measurement,
    );
    await ask<BareAnswers, 'stop'>(bare, 'stop');
    return figures;
  } finally {
    if (bare.connected) bare.disconnect();
  }
}

let servers = 0;
function freshSocketPath(): string {
  servers += 1;
  return join(tmpdir(), `medley-bench-${process.pid}-${servers}.sock`);
}
