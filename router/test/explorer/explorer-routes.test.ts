import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleAddresses } from '../../src/explorer/example-addresses.ts';
import { type ExplorerOptions, explorerRoutes } from '../../src/explorer/explorer-routes.ts';

const operation = {
  name: 'Track',
  group: 'Browse',
  description: 'A track.',
  source: 'query Track { __typename }',
  variables: { id: '<id of a track>', quality: 'HIGH' },
};
const persona = { name: 'premium-us', description: 'pays', token: 'a.b.c', password: 'never to be told' };

let distFolder: string;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  distFolder = await mkdtemp(join(tmpdir(), 'medley-explorer-'));
  await mkdir(join(distFolder, 'assets'));
  await writeFile(join(distFolder, 'index.html'), '<title>Medley Explorer</title>');
  await writeFile(join(distFolder, 'landing.html'), '<title>Medley</title>');
  await writeFile(join(distFolder, 'icon.svg'), '<svg/>');
  await writeFile(join(distFolder, 'assets/index-1a2b3c4d.js'), 'start();');
  await writeFile(join(distFolder, 'assets/index-1a2b3c4d.js.gz'), 'compressed');
});

afterAll(async () => {
  for (const app of apps) await app.close();
  await rm(distFolder, { recursive: true });
});

async function serve(options: Partial<ExplorerOptions> = {}, trustProxy = false) {
  const app = Fastify({ trustProxy });
  apps.push(app);
  await app.register(
    explorerRoutes({
      distFolder,
      graphqlPath: '/graphql',
      edgeOrigin: 'http://localhost:4100',
      operations: [operation],
      ...options,
    }),
  );
  return (url: string, request: InjectOptions = {}) => app.inject({ url, ...request });
}

describe('the pages', () => {
  it.each([
    ['/', 'Medley'],
    ['/explorer', 'Medley Explorer'],
    ['/explorer/', 'Medley Explorer'],
  ])('%s is there, and asked for again each time', async (path, title) => {
    const get = await serve();
    const { statusCode, headers, body } = await get(path);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=0');
    expect(headers.etag).toBeDefined();
    expect(body).toBe(`<title>${title}</title>`);
  });

  it('keeps hashed assets for good, compressed for who takes them so', async () => {
    const get = await serve();
    const plain = await get('/explorer/assets/index-1a2b3c4d.js');
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.body).toBe('start();');
    const compressed = await get('/explorer/assets/index-1a2b3c4d.js', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.headers['content-type']).toContain('javascript');
    expect(compressed.body).toBe('compressed');
  });

  it.each(['/', '/explorer', '/explorer/config.json', '/explorer/assets/index-1a2b3c4d.js'])(
    'lets %s load from its own origin and the edge only',
    async (path) => {
      const get = await serve();
      const { headers } = await get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).toContain("connect-src 'self' http://localhost:4100;");
      expect(policy).toContain("img-src 'self' data: http://localhost:4100;");
      expect(policy).toContain('media-src http://localhost:4100;');
      expect(policy).not.toContain('unsafe-eval');
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it.each(['/', '/explorer', '/explorer/', '/explorer/config.json'])(
    'say at %s how to build them when they are not built',
    async (path) => {
      const get = await serve({ distFolder: join(distFolder, 'nowhere') });
      const { statusCode, body } = await get(path);
      expect(statusCode).toBe(503);
      expect(body).toContain('npm run build');
    },
  );

  it('does not serve files beside its own', async () => {
    const get = await serve();
    for (const path of [
      '/explorer/assets/../index.html',
      '/explorer/assets/%2e%2e/index.html',
      '/explorer/x',
    ]) {
      expect((await get(path)).statusCode).toBe(404);
    }
  });
});

describe('what the explorer knows', () => {
  it('gives the operations, with variables of the running catalog in place of the examples', async () => {
    const get = await serve({ variables: { Track: { id: 'track_1' }, Other: { x: 1 } } });
    const operations = (await get('/explorer/operations.json')).json();
    expect(operations).toEqual([{ ...operation, variables: { id: 'track_1', quality: 'HIGH' } }]);
  });

  it('has neither personas nor places unless the service offers them', async () => {
    const get = await serve();
    expect((await get('/explorer/config.json')).json()).toEqual({
      graphqlPath: '/graphql',
      edgeOrigin: 'http://localhost:4100',
      personas: false,
      addresses: null,
    });
    expect((await get('/explorer/personas.json')).statusCode).toBe(404);
  });

  it('hands fresh tokens to this machine, and nothing else of the personas', async () => {
    let asked = 0;
    const get = await serve({ personas: () => [{ ...persona, token: `token ${++asked}` }] });
    expect((await get('/explorer/config.json')).json().personas).toBe(true);
    for (const token of ['token 1', 'token 2']) {
      const response = await get('/explorer/personas.json');
      expect(response.headers['cache-control']).toBe('no-store');
      expect(response.json()).toEqual([{ name: 'premium-us', description: 'pays', token }]);
    }
  });

  it.each<[string, InjectOptions]>([
    ['another machine', { remoteAddress: '203.0.113.7' }],
    ['a page whose name was pointed here', { headers: { host: 'evil.example:4000' } }],
    ['a proxy on this machine', { headers: { 'x-forwarded-for': '203.0.113.7' } }],
    [
      'a forged forwarding header',
      { headers: { 'x-forwarded-for': '127.0.0.1' }, remoteAddress: '203.0.113.7' },
    ],
  ])('hands no tokens to %s', async (_who, request) => {
    const get = await serve({ personas: () => [persona], addresses: exampleAddresses }, true);
    expect((await get('/explorer/personas.json', request)).statusCode).toBe(404);
    expect((await get('/explorer/config.json', request)).json()).toMatchObject({
      personas: false,
      addresses: null,
    });
  });

  it('offers the places to this machine', async () => {
    const get = await serve({ addresses: exampleAddresses });
    expect((await get('/explorer/config.json')).json().addresses).toEqual(exampleAddresses);
  });
});
