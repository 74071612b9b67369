import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasChromium, launchChromium } from '@medley/testing/browser';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveExplorer } from './serve-explorer.ts';

describe.skipIf(!hasChromium('the explorer in a browser'))(
  'the explorer in a browser',
  { timeout: 90_000 },
  () => {
    let distFolder: string;
    let service: Awaited<ReturnType<typeof serveExplorer>>;
    let browser: Browser;
    let page: Page;
    let requests: Request[];
    let complaints: string[];

    beforeAll(async () => {
      distFolder = await mkdtemp(join(tmpdir(), 'medley-explorer-'));
      await buildExplorer(distFolder);
      service = await serveExplorer(distFolder);
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await service?.stop();
      if (distFolder) await rm(distFolder, { recursive: true });
    });

    /** As somebody who was never here. */
    async function visit(path: string): Promise<void> {
      await page?.context().close();
      page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
      requests = [];
      complaints = [];
      page.on('request', (request) => requests.push(request));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(`${service.origin}${path}`);
    }

    async function visitExplorer(): Promise<void> {
      await visit('/explorer');
      await editorsAreThere();
    }

    const editorsAreThere = () => page.getByRole('button', { name: /^Genres/, disabled: false }).waitFor();

    /** @returns the request that is sent */
    async function run(): Promise<Request> {
      const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
      await page.keyboard.press('Control+Enter');
      return (await answered).request();
    }

    const facts = () => page.getByRole('status').innerText();
    const operation = () => textOf('.graphiql-query-editor .view-lines');
    // The editor draws spaces as no-break spaces.
    const textOf = async (selector: string) =>
      (await page.locator(selector).first().innerText()).replaceAll('\u00a0', ' ');

    describe('asking', () => {
      beforeAll(visitExplorer);

      it('is denied as nobody, and says who asked', async () => {
        const request = await run();
        expect(await request.headerValue('authorization')).toBeNull();
        await expect.poll(facts).toMatch(/^200\s.*as nobody$/s);
        expect(await page.locator('audio').count()).toBe(0);
      });

      it('signs in by one click, and plays the grant', async () => {
        await page.getByRole('radio', { name: 'premium-us' }).check();
        const request = await run();
        expect(await request.headerValue('authorization')).toBe('Bearer token of premium-us');
        await expect.poll(facts).toMatch(/as premium-us$/);
        const duration = () => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration);
        await expect.poll(duration).toBeCloseTo(1, 1);
      });

      it('reports how the play felt, as who was granted it', async () => {
        const reported = page.waitForRequest(
          (request) => request.postDataJSON()?.operationName === 'ReportPlaybackQuality',
        );
        await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.play());
        await page.getByRole('radio', { name: 'free-de' }).check();
        const request = await reported;
        expect(await request.headerValue('authorization')).toBe('Bearer token of premium-us');
        const { measurements, player } = request.postDataJSON().variables.input;
        expect(player).toMatch(/^explorer\//);
        expect(measurements).toHaveLength(1);
        expect(measurements[0]).toMatchObject({ playbackToken: 'v1.facts.signature', outcome: 'STARTED' });
        expect(measurements[0].clickToSoundMs).toBeLessThan(10_000);
        expect(measurements[0].msPlayed).toBeGreaterThan(900);
        await page.getByRole('radio', { name: 'premium-us' }).check();
      });

      it('asks as seen from another country', async () => {
        await page.getByLabel('As seen from').selectOption('Brazil');
        const request = await run();
        expect(await request.headerValue('x-forwarded-for')).toBe('200.160.2.3');
        await expect.poll(facts).toMatch(/as premium-us, from Brazil$/);
      });

      it('reads the schema as nobody, whoever is signed in', async () => {
        const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/graphql');
        await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
        const request = (await answered).request();
        expect(request.postDataJSON().operationName).toBe('IntrospectionQuery');
        expect(await request.headerValue('authorization')).toBeNull();
      });

      it('remembers who asks what, and from where, when the page is loaded again', async () => {
        await page.reload();
        await expect.poll(() => page.getByRole('radio', { name: 'premium-us' }).isChecked()).toBe(true);
        await editorsAreThere();
        expect(await textOf('.graphiql-editor-tool .view-lines')).toContain('trackId');
        expect(await (await run()).headerValue('x-forwarded-for')).toBe('200.160.2.3');
      });

      it('takes a pasted token, and keeps it nowhere', async () => {
        await page.getByRole('radio', { name: 'token…' }).check();
        await page.getByLabel('Access token').fill('Bearer token of a friend');
        const request = await run();
        expect(await request.headerValue('authorization')).toBe('Bearer token of a friend');
        expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain(
          'friend',
        );
      });
    });

    it('waits for why a start failed before it tries another way', async () => {
      await visitExplorer();
      let expire = () => {};
      const clicked = new Promise<void>((resolve) => {
        expire = resolve;
      });
      await page.route(`${service.edgeOrigin}/audio/**`, async (route) => {
        // One byte is asked for to find out why; longer than anybody waits for last answers.
        const isProbe = (await route.request().headerValue('range')) === 'bytes=0-0';
        await (isProbe ? new Promise((resolve) => setTimeout(resolve, 1_500)) : clicked);
        await route.fulfill({ status: 410, headers: { 'access-control-allow-origin': service.origin } });
      });
      await page.getByRole('radio', { name: 'premium-us' }).check();
      await run();
      const reported = page.waitForRequest(
        (request) => request.postDataJSON()?.operationName === 'ReportPlaybackQuality',
      );
      await page.locator('audio').evaluate((audio: HTMLAudioElement) => void audio.play().catch(() => {}));
      expire();
      const { measurements } = (await reported).postDataJSON().variables.input;
      expect(measurements).toMatchObject([{ outcome: 'FAILED', failure: 'HTTP', httpStatus: 410 }]);
      await page.locator('audio:not([crossorigin])').waitFor({ state: 'attached' });
    });

    it('plays from an edge that lets it read nothing', async () => {
      service.refusePagesToRead();
      await visitExplorer();
      await page.getByRole('radio', { name: 'premium-us' }).check();
      await run();
      const duration = () => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration);
      await expect.poll(duration).toBeCloseTo(1, 1);
    });

    it('opens operations with their variables, and never over what was written by hand', async () => {
      await visitExplorer();
      const tabs = page.getByRole('tab');
      await page.getByRole('button', { name: /^Track A track/ }).click();
      await expect.poll(operation).toContain('query Track(');
      expect(await tabs.allInnerTexts()).toEqual(['Track']);
      expect(await textOf('.graphiql-editor-tool .view-lines')).toContain('track_000');

      await page.keyboard.type('# mine');
      await page.getByRole('button', { name: /^Genres/ }).click();
      await expect.poll(() => tabs.allInnerTexts()).toEqual(['Track', 'Genres']);
      await tabs.first().click();
      await expect.poll(operation).toContain('# mine');
    });

    it('listens in one tab to what is edited in another, until it is stopped', async () => {
      await visitExplorer();
      await page.getByRole('radio', { name: 'premium-us' }).check();
      await page.getByRole('button', { name: /^Playlist changed/ }).click();
      await page.keyboard.press('Control+Enter');
      await expect.poll(facts).toMatch(/live.*1 event.*as premium-us$/s);
      expect(service.streams.begun.at(-1)?.authorization).toBe('Bearer token of premium-us');
      const answer = () => textOf('.result-window .view-lines');
      await expect.poll(answer).toContain('"STARTED"');

      await page.getByRole('button', { name: /^Playlist items add/ }).click();
      await expect
        .poll(() => page.getByRole('tab').allInnerTexts())
        .toEqual(['PlaylistChanged', 'PlaylistItemsAdd']);
      await run();
      await expect.poll(facts).toMatch(/^200/);
      await page.getByRole('list', { name: 'Live in other tabs' }).getByText('PlaylistChanged · 2').click();
      await expect.poll(facts).toMatch(/live.*2 events/s);
      await expect.poll(answer).toContain('"CHANGED"');
      expect(await answer()).toContain('"Frieda Frei"');

      service.streams.expireAll();
      await expect.poll(() => service.streams.begun.at(-1)?.variables.after).toBe('c1');
      service.streams.edit();
      await expect.poll(facts).toMatch(/live.*3 events/s);
      await expect.poll(answer).toContain('operation-2');

      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await expect.poll(facts).toMatch(/^ended/);
      await expect.poll(() => service.streams.open()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it('asks nothing of the outside, runs its workers, and stays within its policy', async () => {
      await visit('/');
      await page.getByRole('list', { name: 'New releases' }).waitFor();
      await page.getByRole('link', { name: 'Open the explorer' }).click();
      await page.getByRole('button', { name: /^New releases/ }).click();
      await run();
      const pictures = page.getByRole('list', { name: 'To see' }).getByRole('img');
      await expect.poll(() => pictures.count()).toBe(6);
      expect(await pictures.first().getAttribute('alt')).toBe('Harbour Lights');
      await expect.poll(() => page.workers().length).toBeGreaterThan(0);

      const origins = new Set(requests.map((request) => new URL(request.url())).map(originOf));
      origins.delete('data:');
      expect([...origins].sort()).toEqual([service.origin, service.edgeOrigin].sort());
      expect(complaints).toEqual([]);

      await page.getByRole('button', { name: 'New tab' }).click();
      await expect.poll(() => pictures.count()).toBe(0);
    });
  },
);

// In a process of its own: NODE_ENV is `test` in this one, and decides which React is bundled.
async function buildExplorer(outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
  const cwd = fileURLToPath(new URL('../../explorer', import.meta.url));
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, { cwd, env: { ...process.env, NODE_ENV: 'production' } });
}

const originOf = ({ protocol, origin }: URL) => (protocol === 'data:' ? protocol : origin);
