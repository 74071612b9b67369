import { MedleyError } from '@medley/errors';
import type { Logger } from '@medley/service';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface JwksCache {
  /** The key that a token names. Throws as jose does, or MedleyError UPSTREAM_UNAVAILABLE without any keys. */
  readonly findKey: JWTVerifyGetKey;
  /** The keys themselves. @throws MedleyError UPSTREAM_UNAVAILABLE */
  read(): Promise<JSONWebKeySet>;
}

/**
 * Keeps the public keys of `users`. They are read again behind the answers when they are older than `maxAgeMs`, at once
 * when a token names an unknown key (not more often than `cooldownMs`, so that forged tokens cause no storm), and they
 * hold for `staleMs` while users cannot be reached.
 */
export function createJwksCache({
  fetchKeys,
  logger,
  maxAgeMs = 300_000,
  cooldownMs = 10_000,
  staleMs = 3_600_000,
  clock = Date.now,
}: {
  fetchKeys: () => Promise<JSONWebKeySet>;
  logger: Logger;
  maxAgeMs?: number;
  cooldownMs?: number;
  staleMs?: number;
  /** Milliseconds since 1970. */
  clock?: () => number;
}): JwksCache {
  let kept: { keys: JSONWebKeySet; find: ReturnType<typeof createLocalJWKSet>; readAt: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;

  /** Never rejects: what was read before holds on. */
  function refresh(): Promise<void> {
    if (refreshing) return refreshing;
    if (clock() - triedAt < cooldownMs) return Promise.resolve();
    triedAt = clock();
    refreshing = fetchKeys()
      .then((keys) => {
        kept = { keys, find: createLocalJWKSet(keys), readAt: clock() };
      })
      .catch((error: unknown) => logger.warn({ err: error }, 'the keys for access tokens could not be read'))
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  }

  async function current() {
    const ageMs = kept ? clock() - kept.readAt : Number.POSITIVE_INFINITY;
    if (ageMs > staleMs) await refresh();
    else if (ageMs > maxAgeMs) void refresh();
    if (!kept || clock() - kept.readAt > staleMs) {
      throw new MedleyError('UPSTREAM_UNAVAILABLE', 'Access tokens cannot be verified at the moment.');
    }
    return kept;
  }

  return {
    async findKey(header, token) {
      const before = await current();
      try {
        return await before.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        const after = await current();
        if (after === before) throw error;
        return after.find(header, token);
      }
    },
    read: async () => (await current()).keys,
  };
}
