import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCsvHeader, readCsvRows, UnusableSourceError } from '../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(content: string | Buffer): Promise<string> {
  const path = join(folder, 'songs.csv');
  await writeFile(path, content);
  return path;
}

/** Rows as `line: cell|cell`, or `line: the reason that there is none`. */
async function read(content: string | Buffer): Promise<string[]> {
  const read: string[] = [];
  for await (const row of readCsvRows(await write(content), ['id', 'name']))
    read.push(`${row.line}: ${'cells' in row ? [...row.cells.values()].join('|') : row.reason}`);
  return read;
}

describe('rows of a CSV file', () => {
  it('are the cells by the names of their columns, in whichever order these stand', async () => {
    const path = await write('name,ID,other\nBlue,1,x\n');
    const rows = [];
    for await (const row of readCsvRows(path, ['id', 'name'])) rows.push(row);
    expect(rows).toEqual([
      { line: 2, bytesRead: 23, cells: new Map(Object.entries({ name: 'Blue', id: '1', other: 'x' })) },
    ]);
  });

  it('have what real files have: byte order mark, CRLF, quotes, commas, line breaks, blank lines', async () => {
    expect(
      await read('\ufeffid,name\r\n1,"Ann ""The Voice"" Lee, Jr."\r\n\r\n2,"in two\r\nlines"\r\n3,12" Mix'),
    ).toEqual(['2: 1|Ann "The Voice" Lee, Jr.', '4: 2|in two\nlines', '6: 3|12" Mix']);
  });

  it('cost one line each when they cannot be read, and not the rest of the file', async () => {
    const many = Array.from({ length: 60 }, (_, at) => `${at},x`);
    expect(
      await read(
        ['id,name', '1,"open', ...many, '2', '3,too,many', '4,"a" b', '5,good', '6,"open at the end'].join(
          '\n',
        ),
      ),
    ).toEqual([
      '2: a quote is opened and not closed',
      ...many.map((row, at) => `${at + 3}: ${row.replace(',', '|')}`),
      '63: expected 2 cells, as the header has, got 1',
      '64: expected 2 cells, as the header has, got 3',
      '65: a quoted cell goes on after its closing quote; quotes within it are doubled',
      '66: 5|good',
      '67: a quote is opened and not closed',
    ]);
  });

  it('are refused where they are not UTF-8, or endless', async () => {
    expect(await read(Buffer.from('id,name\n1,Bj\xf6rn\n2,Bo\n', 'latin1'))).toEqual([
      '2: the line is not UTF-8, or longer than 1048576 bytes',
      '3: 2|Bo',
    ]);
    expect(await read(`id,name\n1,${'x'.repeat(1_100_000)}\n2,Bo\n`)).toEqual([
      '2: the line is not UTF-8, or longer than 1048576 bytes',
      '3: 2|Bo',
    ]);
  });

  it('come whole from a file of many parts', async () => {
    const names = Array.from({ length: 30_000 }, (_, at) => `Grüße ${at}, "椎名"`);
    const rows = names.map((name, at) => `${at},"${name.replaceAll('"', '""')}"`);
    expect(await read(['id,name', ...rows].join('\n'))).toEqual(
      names.map((name, at) => `${at + 2}: ${at}|${name}`),
    );
  });
});

it.each([
  ['is empty', '', 'songs.csv is empty; expected a header with id, name'],
  ['lacks columns', 'id,title\n', 'songs.csv has no column name; its header is id, title'],
  ['names a column twice', 'id,name,Name\n', 'songs.csv has the column name twice'],
  [
    'is UTF-16',
    Buffer.from('\ufeffid,name\n', 'utf16le'),
    'songs.csv does not begin with a CSV header in UTF-8',
  ],
])('a file that %s is refused at its header', async (_, content, message) => {
  const path = await write(content);
  await expect(checkCsvHeader(path, ['id', 'name'])).rejects.toThrow(new UnusableSourceError(message));
  await expect(readCsvRows(path, ['id', 'name']).next()).rejects.toThrow(message);
});
