import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderHeldError, findHolder, holdDataFolder } from '../src/data-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const writeHolder = (holder: object) =>
  writeFile(
    join(folder, 'holder.json'),
    JSON.stringify({
      host: hostname(),
      processStart: null,
      since: '2026-01-01T00:00:00.000Z',
      control: null,
      ...holder,
    }),
  );

async function pidOfADeadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid as number;
}

describe('a data folder', () => {
  it('says what is in the way when it is none', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(holdDataFolder(file)).rejects.toThrow(`but ${file} is not: it is a file`);
    await expect(holdDataFolder(join(file, 'below'))).rejects.toThrow('a part of the path is a file');
  });

  it('belongs to one process, and says to whom', async () => {
    const held = await holdDataFolder(folder);
    await expect(holdDataFolder(folder)).rejects.toThrow(DataFolderHeldError);
    await expect(holdDataFolder(folder)).rejects.toThrow(
      new RegExp(`is held by process ${process.pid} on .+ since .+Stop that process, or set DATA_DIR`),
    );
    await held.release();
    await (await holdDataFolder(folder)).release();
  });

  it('is made where there is none', async () => {
    const held = await holdDataFolder(join(folder, 'a', 'b'));
    expect((await stat(join(folder, 'a', 'b'))).isDirectory()).toBe(true);
    await held.release();
  });

  it('is taken from a dead process', async () => {
    await writeHolder({ pid: await pidOfADeadProcess() });
    const held = await holdDataFolder(folder);
    expect((await findHolder(folder))?.pid).toBe(process.pid);
    await held.release();
  });

  it('is taken when another process got the pid of the dead one', async () => {
    await writeHolder({ pid: process.pid, processStart: 'before the last boot' });
    await (await holdDataFolder(folder)).release();
  });

  it('is never taken from a process on another host', async () => {
    await writeHolder({ pid: await pidOfADeadProcess(), host: 'elsewhere' });
    await expect(holdDataFolder(folder)).rejects.toThrow(/on elsewhere since .* remove .*holder\.json/);
  });

  it('goes to exactly one of many that find a dead holder', async () => {
    await writeHolder({ pid: await pidOfADeadProcess() });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => holdDataFolder(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('says what to do when the note of its holder is damaged', async () => {
    await writeFile(join(folder, 'holder.json'), '');
    await expect(holdDataFolder(folder)).rejects.toThrow(
      /holder\.json is damaged; if no Medley runs on .+ remove it/,
    );
  });

  it('tells where its holder takes commands, to its owner alone', async () => {
    const held = await holdDataFolder(folder);
    await held.offerControl({ url: 'http://127.0.0.1:1', secret: 's' });
    expect((await findHolder(folder))?.control).toEqual({ url: 'http://127.0.0.1:1', secret: 's' });
    expect((await stat(join(folder, 'holder.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(folder, 'holder.json'), 'utf8')).pid).toBe(process.pid);
    await held.release();
    expect(await findHolder(folder)).toBeNull();
  });
});
