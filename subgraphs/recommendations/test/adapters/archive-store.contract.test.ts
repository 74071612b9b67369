import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchiveStore } from '../../src/adapters/archive-store.ts';
import { createFolderArchive } from '../../src/adapters/folder-archive.ts';
import { createS3Archive } from '../../src/adapters/s3-archive.ts';
import { type ArchiveStore, ArchiveUnavailableError } from '../../src/domain/archive-store.ts';
import { type FakeS3, startFakeS3 } from './fake-s3.ts';

const endpoint = process.env.S3_TEST_ENDPOINT;
if (!endpoint) {
  const why = 'S3_TEST_ENDPOINT names no server; the protocol is spoken to a fake one';
  console.warn(`skipped: the archive in a real bucket, because ${why}`);
}

interface Subject {
  readonly store: ArchiveStore;
  /** The archive cannot be written any more. */
  breakIt(): Promise<void>;
  close(): Promise<void>;
}

async function openInFolder(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-archive-'));
  return {
    store: createFolderArchive(join(folder, 'archive')),
    async breakIt() {
      // Rights would not stop root.
      await rm(join(folder, 'archive'), { recursive: true, force: true });
      await writeFile(join(folder, 'archive'), 'a file, where the folder should be');
    },
    close: () => rm(folder, { recursive: true }),
  };
}

const clientFor = (url: string) =>
  new S3Client({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    maxAttempts: 1,
  });

let fake: FakeS3 | undefined;
afterAll(() => fake?.close());

async function openOnFake(): Promise<Subject> {
  fake ??= await startFakeS3();
  fake.setAway(false);
  return {
    store: createS3Archive({ bucket: 'music', prefix: `${randomUUID()}/`, client: clientFor(fake.url) }),
    breakIt: async () => fake?.setAway(true),
    close: async () => fake?.setAway(false),
  };
}

async function openInBucket(): Promise<Subject> {
  const client = clientFor(endpoint as string);
  const bucket = `medley-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    store: createS3Archive({ bucket, prefix: 'archive/', client }),
    breakIt: async () => client.destroy(),
    close: async () => {},
  };
}

const subjects: [string, () => Promise<Subject>][] = [
  ['a folder', openInFolder],
  ['a bucket of a fake server', openOnFake],
  ...(endpoint ? [['a bucket', openInBucket] satisfies [string, () => Promise<Subject>]] : []),
];

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (buffer: ArrayBuffer) => new TextDecoder().decode(buffer);

describe.each(subjects)('the archive in %s', (name, open) => {
  let subject: Subject;
  let store: ArchiveStore;
  beforeEach(async () => {
    subject = await open();
    ({ store } = subject);
  });
  afterEach(async () => {
    await store.close();
    await subject.close();
  });

  async function list(...asked: Parameters<ArchiveStore['list']>): Promise<string[]> {
    const names: string[] = [];
    for await (const file of store.list(...asked)) names.push(file.name);
    return names;
  }

  it('gives back what was written, whole and in pieces', async () => {
    await store.write('plays/date=2026-11-23/part-1.parquet', bytes('0123456789'));
    const file = await store.open('plays/date=2026-11-23/part-1.parquet');
    expect(file?.byteLength).toBe(10);
    expect(text((await file?.slice(0)) as ArrayBuffer)).toBe('0123456789');
    expect(text((await file?.slice(2, 5)) as ArrayBuffer)).toBe('234');
    expect(text((await file?.slice(8, 99)) as ArrayBuffer)).toBe('89');
    expect((await file?.slice(4, 4))?.byteLength).toBe(0);
    await file?.close();
    expect(await store.open('plays/date=2026-11-23/part-2.parquet')).toBeNull();
  });

  it('replaces a file that is written again', async () => {
    await store.write('plays/a.parquet', bytes('first'));
    await store.write('plays/a.parquet', bytes('second one'));
    const file = await store.open('plays/a.parquet');
    expect(text((await file?.slice(0)) as ArrayBuffer)).toBe('second one');
    await file?.close();
    expect(await list('plays/')).toEqual(['plays/a.parquet']);
  });

  it('lists files in the order of their names, in a range, page after page', async () => {
    expect(await list('plays/')).toEqual([]);
    const names = ['01', '02', '03', '04'].flatMap((day) =>
      ['a', 'b'].map((part) => `plays/date=2026-11-${day}/${part}.parquet`),
    );
    for (const file of [...names].reverse()) await store.write(file, bytes('x'));
    await store.write('other/file', bytes('x'));
    expect(await list('plays/')).toEqual(names);
    const range = { from: 'plays/date=2026-11-02/', before: 'plays/date=2026-11-04/' };
    expect(await list('plays/', range)).toEqual(names.slice(2, 6));
    const sizes: number[] = [];
    for await (const file of store.list('plays/')) sizes.push(file.bytes);
    expect(sizes).toEqual(names.map(() => 1));
  });

  it('takes a file of some megabytes', async () => {
    const large = new Uint8Array(6_000_000).map((_, index) => index % 251);
    await store.write('plays/large.parquet', large);
    const file = await store.open('plays/large.parquet');
    expect(file?.byteLength).toBe(large.length);
    const end = new Uint8Array((await file?.slice(5_999_990)) as ArrayBuffer);
    expect([...end]).toEqual([...large.slice(5_999_990)]);
    await file?.close();
  });

  it('says so when it cannot be written', async () => {
    await store.write('plays/a.parquet', bytes('first'));
    await subject.breakIt();
    const error = await store.write('plays/b.parquet', bytes('second')).catch((thrown: unknown) => thrown);
    if (name === 'a bucket') return;
    expect(error).toBeInstanceOf(ArchiveUnavailableError);
    expect(error).toMatchObject({ transient: true });
    expect((error as Error).message).toMatch(/^plays\/b\.parquet cannot be written: /);
  });
});

describe('the archive in a folder', () => {
  it('shows nothing of a file before all of it is there, and removes what a killed process left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medley-archive-'));
    const store = createFolderArchive(folder);
    await mkdir(join(folder, '.partial'));
    await writeFile(join(folder, '.partial', 'half-of-a-file'), 'PAR1');
    await store.write('plays/date=2026-11-23/part.parquet', bytes('whole'));
    const names: string[] = [];
    for await (const file of store.list('')) names.push(file.name);
    expect(names).toEqual(['plays/date=2026-11-23/part.parquet']);
    expect(await store.tidy()).toBe(1);
    expect(await readdir(join(folder, '.partial'))).toEqual([]);
    expect(await store.tidy()).toBe(0);
    await rm(folder, { recursive: true });
  });
});

describe('ARCHIVE_URL', () => {
  it.each([
    ['/var/archive', 'file:///var/archive'],
    ['file:///var/archive', 'file:///var/archive'],
    ['s3://music/plays/of/all/', 's3://music/plays/of/all/'],
    ['s3://music', 's3://music/'],
  ])('%s is %s', async (url, opened) => {
    process.env.AWS_REGION ??= 'eu-central-1';
    const store = openArchiveStore(url);
    expect(store.url).toBe(opened);
    await store.close();
  });

  it.each(['', 'https://example.com/archive', 's3://', 's3://UPPER/x', 'gs://bucket'])(
    'refuses %j',
    (url) => {
      expect(() => openArchiveStore(url)).toThrow(RangeError);
    },
  );
});
