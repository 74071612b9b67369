import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlaylists } from '@medley/recommendations/evaluation/read-playlists';
import { readTable, type TableOptions } from '@medley/recommendations/evaluation/read-table';
import { rowOf } from '@medley/recommendations/models/index';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('a table', () => {
  it.each([
    ['tabs and a header, as of last.fm', 'userID\tartistID\tweight\n2\t51\t13883\n2\t52\t10\n3\t51\t1\n'],
    ['commas without a header', '2,51,13883\n2,52,10\n3,51,1\n'],
    ['semicolons, CRLF and quotes', '"2";"51";"13883"\r\n"2";"52";"10"\r\n3;51;1\r\n'],
    ['a byte order mark and no last line end', '\ufeff2,51,13883\n2,52,10\n3,51,1'],
    [
      'columns in another order, and more of them',
      'plays,track,when,user\n13883,51,x,2\n10,52,y,2\n1,51,z,3\n',
    ],
  ])('with %s is read', async (_, content) => {
    const { interactions, rows, broken } = await read(content);
    expect([rows, broken.count, interactions.userCount, interactions.itemCount]).toEqual([3, 0, 2, 2]);
    expect([...rowOf(interactions, 0).counts]).toEqual([13_883, 10]);
    expect([...rowOf(interactions, 1).counts]).toEqual([1]);
  });

  it('without counts has a play for each row, and the same pair sums up', async () => {
    const { interactions, how } = await read('user,item\na,x\na,x\na,y\nb,x\n');
    expect([...rowOf(interactions, 0).counts]).toEqual([2, 1]);
    expect(how).toContain('every row is one play');
    expect((await read('a,x\na,x\nb,"x, y"\n')).interactions.itemCount).toBe(2);
    expect([...rowOf((await read('a,x,3\na,y,\n')).interactions, 0).counts]).toEqual([3, 1]);
  });

  it('takes the first row as it is told', async () => {
    expect((await read('a,b\nc,d\n', { header: 'yes' })).rows).toBe(1);
    expect((await read('user,item\nc,d\n', { header: 'no' })).rows).toBe(2);
  });

  it('leaves out broken rows, and says which and why', async () => {
    const lines = [
      'u,i,n',
      'a,x,1',
      'a,y,NaN',
      'a,z,-3',
      'b,x,Infinity',
      'b,,1',
      ',x,1',
      'b',
      'b,"x,1',
      'b,x,0',
      'b,x,2',
    ];
    const { rows, broken, interactions } = await read(`${lines.join('\n')}\n`);
    expect(rows).toBe(2);
    expect(broken.count).toBe(8);
    expect(broken.first.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(broken.first.map(({ reason }) => reason)).toEqual([
      '"NaN" is no count',
      'a count must be 0.000001 to 1000000000000, got -3',
      'a count must be 0.000001 to 1000000000000, got Infinity',
      'there is no item',
      'there is no user',
      'there is no item',
      'a quote is opened and not closed',
      'a count must be 0.000001 to 1000000000000, got 0',
    ]);
    expect(interactions.counts.every(Number.isFinite)).toBe(true);
  });

  it('that has nothing, one column or no file is refused in words', async () => {
    await expect(read('')).rejects.toThrow('is empty');
    await expect(read('just words\nmore\n')).rejects.toThrow('at least two columns');
    await expect(readTable('/nowhere/at-all.csv')).rejects.toThrow('cannot be read: ENOENT');
    expect((await read('user,item,count\n')).rows).toBe(0);
  });
});

describe('playlists', () => {
  it('have each of their tracks once, also what was removed or added again', async () => {
    const folder = await makeFolder({
      'playlists.csv': 'playlist_id,title\np1,One\np2,"Two, really"\n',
      'playlist_tracks.csv':
        'playlist_id,track_id,added,removed\np1,t1,2020-01-01,\np1,t2,2020-01-01,2020-02-01\np1,t2,2020-03-01,\np2,t1,2020-01-01,\np9,t1,2020-01-01,\np1,,2020-01-01,\n',
    });
    const { interactions, rows, broken } = await readPlaylists(folder);
    expect([...rowOf(interactions, 0).counts]).toEqual([1, 1]);
    expect([rows, interactions.userCount]).toEqual([4, 2]);
    expect(broken.first.map(({ line, reason }) => [line, reason])).toEqual([
      [6, 'there is no such playlist in playlists.csv'],
      [7, 'there is no track_id'],
    ]);
  });

  it('that are not there are refused in words', async () => {
    await expect(readPlaylists(await makeFolder({}))).rejects.toThrow('has no playlists.csv');
  });
});

async function read(content: string, options?: TableOptions) {
  const folder = await makeFolder({ 'table.txt': content });
  return readTable(join(folder, 'table.txt'), options);
}

async function makeFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-evaluate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
