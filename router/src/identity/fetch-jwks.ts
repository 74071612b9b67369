import type { JSONWebKeySet } from 'jose';
import { request } from 'undici';
import { z } from 'zod';

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Reads a key set over HTTP, within 3 s. */
export function fetchJwks(url: string): () => Promise<JSONWebKeySet> {
  return async () => {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(3_000) });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`${url} answered with status ${statusCode}`);
    }
    return jwksSchema.parse(await body.json());
  };
}
