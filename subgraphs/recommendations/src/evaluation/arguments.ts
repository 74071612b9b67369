import { parseArgs } from 'node:util';
import { type MethodName, methodNames } from './methods.ts';

export const usage = `usage: npm run recommendations:evaluate -- <file> [options]
       npm run recommendations:evaluate -- --playlists <folder> [options]

<file>                a table of user, item, count: tabs, semicolons or commas; with or without a header,
                      quotes, counts; what is there twice is summed
--playlists <folder>  playlists.csv and playlist_tracks.csv: which tracks continue a playlist
--seeds <n>           how many splits, 1 to 100 (default 5)
--methods <list>      of ${methodNames.join(', ')} (default: all)
--header <yes|no>     whether the first row has names (default: it is guessed)
--plot <file.svg>     draws the results
--help                this`;

/** What was asked for at the command line is not to be had. The message says why. */
export class EvaluateArgumentsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EvaluateArgumentsError';
  }
}

export interface EvaluateArguments {
  readonly source:
    | { readonly table: string; readonly header: 'yes' | 'no' | 'guess' }
    | { readonly playlists: string };
  readonly seeds: number;
  readonly methods: readonly MethodName[];
  readonly plot: string | undefined;
}

/** @throws EvaluateArgumentsError */
export function parseEvaluateArguments(args: readonly string[]): EvaluateArguments | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [table, ...more] = positionals;
  if (more.length > 0)
    throw new EvaluateArgumentsError(`expected one file, got ${positionals.join(' and ')}`);
  const { playlists, header = 'guess' } = values;
  if ((table === undefined) === (playlists === undefined))
    throw new EvaluateArgumentsError('expected either a file or --playlists <folder>');
  if (header !== 'yes' && header !== 'no' && header !== 'guess')
    throw new EvaluateArgumentsError(`--header must be yes or no, got ${header}`);
  return {
    source: playlists === undefined ? { table: table ?? '', header } : { playlists },
    seeds: parseSeeds(values.seeds ?? '5'),
    methods: parseMethods(values.methods),
    plot: values.plot,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        playlists: { type: 'string' },
        seeds: { type: 'string' },
        methods: { type: 'string' },
        header: { type: 'string' },
        plot: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new EvaluateArgumentsError((error as Error).message);
  }
}

function parseSeeds(text: string): number {
  const seeds = Number(text);
  if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= 100))
    throw new EvaluateArgumentsError(`--seeds must be a whole number from 1 to 100, got ${text}`);
  return seeds;
}

function parseMethods(text: string | undefined): readonly MethodName[] {
  if (text === undefined) return methodNames;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !methodNames.some((known) => known === name));
  if (unknown !== undefined)
    throw new EvaluateArgumentsError(`there is no method ${unknown}; there are ${methodNames.join(', ')}`);
  return methodNames.filter((name) => names.includes(name));
}
