import { parseArgs } from 'node:util';
import { decodeId, InvalidIdError } from '@medley/ids';

/** What to import; plain values, so that it can be sent to a running service. */
export interface ImportRequest {
  /** A folder with playlists.csv and playlist_tracks.csv. */
  readonly source: string;
  /** Whose playlists they become: the public id of an account, `user_…`. */
  readonly owner: string;
  /** Whose ids the source has: the same as of the catalog whose tracks it names. */
  readonly namespace: string;
}

export const importUsage = `Usage: npm run playlists:import -- <source> [--owner user_…] [--namespace spotify]

  <source>      a folder with playlists.csv and playlist_tracks.csv; where it also has tracks.csv, covers are taken
                from the albums that this names
  --owner       the account whose public playlists they become; the editor's persona where the service is one process
  --namespace   whose ids the source has, as when its catalog was imported`;

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
 * @param defaults what holds where the command line does not say
 * @throws ImportArgumentsError
 */
export function parseImportArguments(
  argv: readonly string[],
  defaults: Partial<Pick<ImportRequest, 'owner'>> = {},
): ImportRequest {
  const { values, positionals } = parse(argv);
  const [source, ...others] = positionals;
  if (!source || others.length > 0)
    throw new ImportArgumentsError(`expected one source, got ${positionals.length}`);
  const namespace = values.namespace ?? 'spotify';
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(namespace))
    throw new ImportArgumentsError(
      `--namespace must be of lower case letters, digits and hyphens, got ${JSON.stringify(namespace)}`,
    );
  return { source, owner: readOwner(values.owner ?? defaults.owner), namespace };
}

function readOwner(owner: string | undefined): string {
  if (owner === undefined)
    throw new ImportArgumentsError('--owner is needed: the account that will own them');
  try {
    decodeId(owner, 'user');
    return owner;
  } catch (error) {
    if (error instanceof InvalidIdError) throw new ImportArgumentsError(`--owner: ${error.message}`);
    throw error;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { owner: { type: 'string' }, namespace: { type: 'string' } },
    });
  } catch (error) {
    throw new ImportArgumentsError((error as Error).message);
  }
}
