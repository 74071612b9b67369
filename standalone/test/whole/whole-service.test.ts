import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reads as analyticsReads } from '@medley/analytics';
import { reads as catalogReads } from '@medley/catalog';
import {
  sampleLandmarkAlbumId,
  sampleLandmarkArtistId,
  sampleLandmarks,
} from '@medley/catalog/sample/landmarks';
import { reads as playlistsReads } from '@medley/playlists';
import { subgraphReads } from '@medley/router';
import { readOperations, withFreshValues } from '@medley/schema';
import { reads as searchReads } from '@medley/search';
import { reads as streamingReads } from '@medley/streaming';
import { hasChromium, launchChromium } from '@medley/testing/browser';
import { reads as usersReads } from '@medley/users';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRemoteCommand } from '../../src/control/client.ts';
import { findHolder, holdDataFolder } from '../../src/data-folder.ts';
import { samplePlaylistId } from '../../src/sample-playlists.ts';
import { openSseClient } from '../recipes/server-sent-events.ts';
import { startWholeService, type WholeService } from './start.ts';

const inGermany = '193.99.144.80';
const inBrazil = '200.160.2.3';
const playback = `query ($track: ID!, $quality: AudioQuality!) {
  playbackUrl(trackId: $track, quality: $quality) {
    __typename
    ... on PlaybackGrant { url grantedQuality substitution adSupported durationMs format { sizeBytes } }
    ... on PlaybackDenial { code message alternative { id title } }
    ... on TierRequired { requiredTier maxQuality }
    ... on MarketRestricted { market }
  }
}`;

let service: WholeService;
beforeAll(async () => {
  service = await startWholeService();
}, 180_000);
afterAll(() => service.stop());

const play = async (track: { id: string }, quality: string, who: { as?: string; from?: string }) =>
  (await service.ask(playback, { track: track.id, quality }, who)).data.playbackUrl;

describe('a listener', () => {
  it('in Germany finds a track and gets a URL for it', async () => {
    const { data } = await service.ask(
      '{ newReleases(first: 3) { nodes { title tracks(first: 1) { nodes { id title playability { playable } } } } } }',
      {},
      { as: 'free-de', from: inGermany },
    );
    expect(data.newReleases.nodes).toHaveLength(3);
    const grant = await play(sampleLandmarks.everywhere, 'NORMAL', { as: 'free-de', from: inGermany });
    expect(grant).toMatchObject({
      __typename: 'PlaybackGrant',
      grantedQuality: 'NORMAL',
      substitution: null,
      adSupported: true,
    });
  });

  it('without Premium is told what High needs', async () => {
    expect(await play(sampleLandmarks.everywhere, 'HIGH', { as: 'free-de', from: inGermany })).toMatchObject({
      __typename: 'TierRequired',
      requiredTier: 'PREMIUM',
      maxQuality: 'NORMAL',
    });
  });

  it('in Brazil is told what is not sold there', async () => {
    expect(
      await play(sampleLandmarks.notInBrazil, 'NORMAL', { as: 'premium-us', from: inBrazil }),
    ).toMatchObject({
      __typename: 'MarketRestricted',
      code: 'NOT_LICENSED',
      market: 'BR',
      alternative: null,
    });
  });

  it('is led to another release of the recording, also without Premium', async () => {
    for (const as of ['premium-us', 'free-de']) {
      expect(await play(sampleLandmarks.notInGermany, 'HIGH', { as, from: inGermany })).toMatchObject({
        __typename: 'MarketRestricted',
        alternative: { id: sampleLandmarks.inGermany.id },
      });
    }
  });

  it('is where the address says, else where the account is at home', async () => {
    const at = async (from?: string) =>
      (await play(sampleLandmarks.onlyNorthAmerica, 'LOW', { as: 'premium-us', ...(from && { from }) }))
        .__typename;
    expect(await at()).toBe('PlaybackGrant');
    expect(await at(inGermany)).toBe('MarketRestricted');
  });

  it('gets no explicit track when the account wants none', async () => {
    expect(await play(sampleLandmarks.explicit, 'LOW', { as: 'clean-us' })).toMatchObject({
      __typename: 'ExplicitBlocked',
      alternative: { id: sampleLandmarks.clean.id },
    });
  });

  it('who is nobody must sign in', async () => {
    expect((await play(sampleLandmarks.everywhere, 'LOW', {})).__typename).toBe('SignInRequired');
  });

  it('never gets another quality in silence', async () => {
    expect(await play(sampleLandmarks.noLossless, 'LOSSLESS', { as: 'premium-us' })).toMatchObject({
      grantedQuality: 'HIGH',
      substitution: 'NOT_ENCODED',
    });
  });
});

describe('the edge', () => {
  it('gives the bytes of a grant in ranges, and nothing to a forged one', async () => {
    const { url, format } = await play(sampleLandmarks.everywhere, 'NORMAL', { as: 'premium-us' });
    const range = await fetch(url, { headers: { range: 'bytes=0-524287' } });
    expect(range.status).toBe(206);
    expect(range.headers.get('content-range')).toBe(`bytes 0-524287/${format.sizeBytes}`);
    expect(
      Buffer.from(await range.arrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('OggS');
    const forged = await fetch(url.replace(sampleLandmarks.everywhere.id, sampleLandmarks.explicit.id));
    expect(forged.status).toBe(403);
  });

  it('shows a cover of every album', async () => {
    const { data } = await service.ask(
      'query ($id: ID!) { album(id: $id) { cover(size: SMALL) { url width } } }',
      {
        id: sampleLandmarkAlbumId,
      },
    );
    const cover = await fetch(data.album.cover.url);
    expect(cover.headers.get('content-type')).toBe('image/jpeg');
    expect(cover.headers.get('cache-control')).toContain('immutable');
  });
});

describe('the graph', () => {
  it('answers every named operation with its example variables', async () => {
    const { exampleVariables } = await import('../../src/example-variables.ts');
    const variables = exampleVariables();
    for (const operation of readOperations()) {
      if (/^subscription /m.test(operation.source)) continue;
      const given = withFreshValues({ ...operation.variables, ...variables[operation.name] });
      const isForAnalysts = operation.group === 'Analyse';
      const as = /mutation Track/.test(operation.source) ? 'admin' : isForAnalysts ? 'analyst' : 'premium-us';
      const answer = await service.ask(operation.source, given, { as });
      expect(answer.errors, operation.name).toBeUndefined();
    }
  });

  it('begins every named subscription with its example variables', async () => {
    const { exampleVariables } = await import('../../src/example-variables.ts');
    const variables = exampleVariables();
    const live = readOperations().filter(({ source }) => /^subscription /m.test(source));
    for (const { name, source, variables: given } of live) {
      const token = service.tokenOf(name === 'LivePlays' ? 'analyst' : 'premium-us');
      const { subscribe, close } = openSseClient(`${service.url}/graphql`, async () => token);
      const [data, errors] = await new Promise<unknown[]>((resolve) => {
        subscribe(
          source,
          { ...given, ...variables[name] },
          {
            next: (result) => resolve([result.data, result.errors]),
            ended: (reasons) => resolve([undefined, reasons ?? 'the connection broke']),
          },
        );
      });
      close();
      expect(errors, name).toBeUndefined();
      expect(Object.values(data ?? {})[0], name).toMatchObject({ cursor: expect.any(String) });
    }
  });

  it('finds every kind of node by its id, and null for what is not there', async () => {
    const { data: me } = await service.ask('{ me { user { id } } }', {}, { as: 'analyst' });
    const missing = sampleLandmarks.everywhere.id.replace(/.$/, '0');
    const ids = [
      sampleLandmarkArtistId,
      sampleLandmarkAlbumId,
      sampleLandmarks.everywhere.id,
      me.me.user.id,
      samplePlaylistId,
      missing,
    ];
    const { data, errors } = await service.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Track { title } ... on User { displayName } } }',
      { ids },
    );
    expect(errors).toBeUndefined();
    expect(data.nodes.map((node: { __typename: string } | null) => node?.__typename)).toEqual([
      'Artist',
      'Album',
      'Track',
      'User',
      'Playlist',
      undefined,
    ]);
  });

  it.each([
    ['a malformed id', '{ track(id: "nonsense") { id } }', 'BAD_USER_INPUT'],
    ['an id of another kind', `{ track(id: "${sampleLandmarkArtistId}") { id } }`, 'BAD_USER_INPUT'],
    ['an unknown quality', '{ playbackUrl(trackId: "x", quality: LOUD) { __typename } }', 'BAD_USER_INPUT'],
    ['first: 0', '{ artists(first: 0) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['a forged cursor', '{ artists(first: 1, after: "AAAA") { nodes { id } } }', 'BAD_USER_INPUT'],
    [
      'another account’s tier',
      `mutation { userTierSet(input: { userId: "x", tier: FREE }) { tier } }`,
      'FORBIDDEN',
    ],
  ])('refuses %s with a code', async (_, query, code) => {
    const { errors } = await service.ask(query, {}, { as: 'premium-us' });
    expect(errors?.[0]?.extensions).toMatchObject({ code, requestId: expect.any(String) });
    expect(JSON.stringify(errors)).not.toMatch(/at .*\.ts|https?:\/\/|SELECT/);
  });

  it('never takes a bad token for nobody', async () => {
    const [header, payload] = service.tokenOf('premium-us').split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [`${none}.${payload}.`, `${header}.${payload}.AAAA`, 'nonsense']) {
      const response = await fetch(`${service.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: '{ me { email } }' }),
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  it('gives each subgraph the claims that it reads', () => {
    expect(subgraphReads).toMatchObject({
      analytics: analyticsReads,
      catalog: catalogReads,
      playlists: playlistsReads,
      search: searchReads,
      streaming: streamingReads,
      users: usersReads,
    });
  });
});

describe('a page of another site', () => {
  it('gets nothing by having its own name point here', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(service.url);
      const options = { port, path: '/healthz', headers: { host: `evil.example:${port}` } };
      request(options, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});

describe('the data folder', () => {
  it('is held by the service, which takes commands', async () => {
    await expect(holdDataFolder(service.dataDir)).rejects.toThrow(`is held by process ${process.pid}`);
    const holder = await findHolder(service.dataDir);
    const screen = { line: () => {}, progress: () => {} };
    const run = { screen, signal: new AbortController().signal };
    const token = await runRemoteCommand(holder as never, 'token', { persona: 'premium-br' }, run);
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { country } }' }),
    });
    expect(await response.json()).toEqual({ data: { me: { country: 'BR' } } });
    await expect(runRemoteCommand(holder as never, 'token', { persona: 'nobody' }, run)).rejects.toThrow(
      'there is no persona "nobody"',
    );
  });

  it('keeps its secrets to its owner', async () => {
    for (const file of ['personas.json', 'secrets.json', 'holder.json']) {
      expect((await stat(join(service.dataDir, file))).mode & 0o777, file).toBe(0o600);
    }
    expect((await stat(join(service.dataDir, 'database'))).mode & 0o777).toBe(0o700);
    const personas = JSON.parse(await readFile(join(service.dataDir, 'personas.json'), 'utf8'));
    expect(personas.map(({ name }: { name: string }) => name)).toEqual([
      'free-de',
      'premium-us',
      'premium-br',
      'clean-us',
      'analyst',
      'editor',
      'admin',
    ]);
  });
});

describe.skipIf(!hasChromium('playing in a browser'))('a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('plays what a grant gives', async () => {
    const { url, durationMs } = await play(sampleLandmarks.everywhere, 'NORMAL', { as: 'premium-us' });
    const page = await browser.newPage();
    await page.setContent(`<audio id="player" src="${url}" autoplay></audio>`);
    await page.waitForFunction('document.getElementById("player").currentTime > 1');
    const duration = await page.evaluate('document.getElementById("player").duration');
    expect(Math.abs((duration as number) * 1_000 - durationMs)).toBeLessThan(1_000);
    await page.close();
  });
});
