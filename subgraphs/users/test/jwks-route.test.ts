import { createMetrics } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { silentLogger } from '@medley/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { jwksRoute } from '../src/jwks-route.ts';
import { audience, createWorld, issuer } from './world.ts';

it('publishes the keys that verify access tokens, and nothing private', async () => {
  const world = await createWorld();
  const service = await startSubgraph(world.app, {
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    metrics: createMetrics(),
    routes: jwksRoute(world.app),
  });
  try {
    const url = new URL('/.well-known/jwks.json', service.url);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toContain('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.text()).not.toContain('"d"');
    const { tokens, id } = await world.signUp();
    const verified = await jwtVerify(tokens.accessToken, createRemoteJWKSet(url), {
      issuer,
      audience,
      currentDate: new Date(world.now()),
    });
    expect(verified.payload.sub).toBe(id);
  } finally {
    await service.stop();
    await world.close();
  }
});
