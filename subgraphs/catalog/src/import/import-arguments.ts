import { parseArgs } from 'node:util';
import { countryCodes } from '@medley/countries';
import type { ImportRequest } from './import-catalog.ts';

export const importUsage = `Usage: npm run catalog:import -- <source> [--markets all|DE,FR,…] [--namespace spotify]

  <source>      a folder with artists.csv, albums.csv and tracks.csv,
                or a JSON file with an array of track objects as the Spotify Web API gives them
  --markets     where tracks may be played of which the source does not say it: countries of ISO 3166-1,
                or all; without it they may be played nowhere
  --namespace   whose ids the source has; sources whose ids mean different things need different ones`;

/** Arguments that make no import; the message says why. */
export class ImportArgumentsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportArgumentsError';
  }
}

/**
 * Reads the command line of an import.
 * @param argv what stands after the command's name
 * @throws ImportArgumentsError
 */
export function parseImportArguments(argv: readonly string[]): ImportRequest {
  const { values, positionals } = parse(argv);
  const [source, ...others] = positionals;
  if (!source || others.length > 0)
    throw new ImportArgumentsError(`expected one source, got ${positionals.length}`);
  const namespace = values.namespace ?? 'spotify';
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(namespace))
    throw new ImportArgumentsError(
      `--namespace must be of lower case letters, digits and hyphens, got ${JSON.stringify(namespace)}`,
    );
  return { source, markets: parseMarkets(values.markets), namespace };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { markets: { type: 'string' }, namespace: { type: 'string' } },
    });
  } catch (error) {
    throw new ImportArgumentsError((error as Error).message);
  }
}

function parseMarkets(text: string | undefined): ImportRequest['markets'] {
  if (text === undefined) return null;
  if (text.trim().toLowerCase() === 'all') return 'all';
  const codes = text.split(',').map((code) => code.trim().toUpperCase());
  const unknown = codes.filter((code) => !countryCodes.includes(code));
  if (unknown.length > 0)
    throw new ImportArgumentsError(
      `--markets must be all or countries of ISO 3166-1 alpha-2 such as DE,FR; got ${unknown.map((code) => code || 'nothing').join(', ')}`,
    );
  return [...new Set(codes)].sort();
}
