import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of S3's protocol as the archive speaks, by paths; it believes every signature. */
export interface FakeS3 {
  readonly url: string;
  /** Until told otherwise it answers 503. */
  setAway(away: boolean): void;
  close(): Promise<void>;
}

const pageSize = 3;

export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  let isAway = false;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (isAway) return fail(response, 503, 'SlowDown');
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const path = decodeURIComponent(pathname);
    if (request.method === 'PUT') {
      objects.set(path, Buffer.concat(chunks));
      return response.writeHead(200, { etag: etagOf(path) }).end();
    }
    if (searchParams.get('list-type') === '2') return list(response, path.replace(/\/$/, ''), searchParams);
    const object = objects.get(path);
    if (!object) return fail(response, 404, 'NoSuchKey');
    const expected = request.headers['if-match'];
    if (expected !== undefined && expected !== etagOf(path)) return fail(response, 412, 'PreconditionFailed');
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const body = start === undefined ? object : object.subarray(Number(start), Number(end) + 1);
    response.writeHead(start === undefined ? 200 : 206, {
      'content-length': body.length,
      etag: etagOf(path),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });

  const etagOf = (path: string) => `"${objects.get(path)?.toString('hex').length}-${path.length}"`;

  function list(response: ServerResponse, bucket: string, query: URLSearchParams) {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const names = [...objects.keys()]
      .map((path) => path.slice(bucket.length + 1))
      .filter((name) => name.startsWith(prefix) && name > after)
      .sort();
    const page = names.slice(0, pageSize);
    const isTruncated = names.length > page.length;
    const contents = page.map(
      (name) =>
        `<Contents><Key>${name}</Key><Size>${objects.get(`${bucket}/${name}`)?.length}</Size></Contents>`,
    );
    const next = isTruncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`,
    );
  }

  function fail(response: ServerResponse, status: number, code: string) {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setAway(away) {
      isAway = away;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
