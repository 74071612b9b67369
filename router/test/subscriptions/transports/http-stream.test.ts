import { createLogger, createMetrics, type HttpService, startHttpService } from '@medley/service';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type HttpStream,
  type HttpStreamOptions,
  openHttpStream,
} from '../../../src/subscriptions/transports/http-stream.ts';
import { openBody } from './open-body.ts';

let service: HttpService | undefined;
afterEach(() => service?.stop());

async function start(options: Partial<HttpStreamOptions> = {}) {
  const opened: HttpStream[] = [];
  let closed = 0;
  service = await startHttpService({
    host: '127.0.0.1',
    port: 0,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics(),
    lingerMs: 100,
    routes(app) {
      app.get('/', (_request, reply) => {
        opened.push(
          openHttpStream(reply, {
            headers: { 'content-type': 'text/plain' },
            preamble: 'hello ',
            heartbeat: '.',
            heartbeatMs: 60_000,
            stallMs: 60_000,
            onClose: () => {
              closed += 1;
            },
            ...options,
          }),
        );
        return reply;
      });
    },
  });
  return { url: service.url, stream: () => opened[0] as HttpStream, closed: () => closed };
}

describe('an HTTP answer that goes on', () => {
  it('has a heartbeat while nothing else is sent', async () => {
    const { url } = await start({ heartbeatMs: 20 });
    const body = await openBody(url);
    await body.until('hello ....');
    body.leave();
  });

  it('ends in order, and tells that once', async () => {
    const { url, stream, closed } = await start();
    const body = await openBody(url);
    expect(await stream().write('one ')).toBe(true);
    stream().end('two');
    expect(await body.ended()).toBe('whole');
    expect(body.text).toBe('hello one two');
    await expect.poll(closed).toBe(1);
    expect(await stream().write('three')).toBe(false);
    stream().end();
  });

  it('is broken off behind what was written', async () => {
    const { url, stream, closed } = await start();
    const body = await openBody(url);
    await stream().write('one');
    stream().destroySoon();
    expect(await body.ended()).toBe('broken');
    expect(body.text).toBe('hello one');
    await expect.poll(closed).toBe(1);
  });

  it('is broken off when the client takes nothing for too long', async () => {
    const { url, stream, closed } = await start({ stallMs: 100 });
    // Nobody reads its body.
    const response = await fetch(url);
    let written = 0;
    while (written < 1_000 && (await stream().write('x'.repeat(100_000)))) written += 1;
    expect(written).toBeLessThan(1_000);
    await expect.poll(closed).toBe(1);
    expect(response.status).toBe(200);
  });

  it('tells that its client left', async () => {
    const { url, stream, closed } = await start();
    const body = await openBody(url);
    body.leave();
    await expect.poll(closed).toBe(1);
    expect(stream().isOpen).toBe(false);
  });
});
