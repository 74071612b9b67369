import { join } from 'node:path';
import type { Standalone } from './app.ts';
import { isLoopback, type StandaloneConfig } from './config.ts';

/** What a person sees when the service is ready: where things are, who can sign in, one request to paste. */
export function welcome(
  { url, edgeUrl, personas }: Pick<Standalone, 'url' | 'edgeUrl' | 'personas'>,
  config: Pick<StandaloneConfig, 'DATA_DIR' | 'HOST'>,
  startedInMs: number,
): string[] {
  const width = Math.max(...personas.map(({ name }) => name.length));
  const [somebody] = personas.filter(({ name }) => name === 'premium-us');
  return [
    '',
    `Ready in ${(startedInMs / 1_000).toFixed(1)} s`,
    '',
    `  Explorer  ${url}/explorer`,
    `  Graph     ${url}/graphql`,
    `  Edge      ${edgeUrl}`,
    '',
    `Sign in as one of these; the tokens are good for a day (${join(config.DATA_DIR, 'personas.json')}):`,
    '',
    ...personas.flatMap(({ name, description, token }) => [
      `  ${name.padEnd(width)}  ${description}`,
      `  ${' '.repeat(width)}  ${token}`,
    ]),
    '',
    ...(isLoopback(config.HOST)
      ? []
      : [`Careful: others can reach ${config.HOST}, and the passwords of the personas are public.`, '']),
    'Try it:',
    '',
    `  curl -s ${url}/graphql -H 'content-type: application/json' \\`,
    `    -H 'authorization: Bearer ${somebody?.token}' \\`,
    `    -d '{"query":"{ newReleases(first: 3) { nodes { title artists { name } } } }"}'`,
    '',
  ];
}
