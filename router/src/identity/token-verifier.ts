import { MedleyError, unauthenticated } from '@medley/errors';
import { idKindOf } from '@medley/ids';
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { VerifyCredential } from './credential.ts';

const payloadSchema = z.object({
  sub: z.string().refine((id) => idKindOf(id) === 'user'),
  sid: z.string().refine((id) => idKindOf(id) === 'session'),
  scope: z.string(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  explicit: z.boolean().optional(),
});

// Clocks of different machines differ.
const clockToleranceSeconds = 5;

/** Verifies the access tokens that `users` issues: JWTs signed with ES256, and with nothing else. */
export function createTokenVerifier({
  findKey,
  issuer,
  audience,
  clock = Date.now,
}: {
  findKey: JWTVerifyGetKey;
  issuer: string;
  audience: string;
  /** Milliseconds since 1970. */
  clock?: () => number;
}): VerifyCredential {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, findKey, {
        algorithms: ['ES256'],
        issuer,
        audience,
        requiredClaims: ['sub', 'sid', 'scope', 'iat', 'exp'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(clock()),
      });
      const { sub, sid, scope, country, explicit } = payloadSchema.parse(payload);
      const scopes = scope.split(' ').filter(Boolean);
      return {
        actor: { kind: 'viewer', id: sub, sessionId: sid, scopes },
        country: country ?? null,
        explicit: explicit ?? true,
        // It is required above.
        expiresAt: ((payload.exp ?? 0) + clockToleranceSeconds) * 1_000,
      };
    } catch (error) {
      if (error instanceof MedleyError) throw error;
      // What exactly is wrong with it helps only those who forge.
      throw unauthenticated(
        error instanceof errors.JWTExpired
          ? 'The access token has expired.'
          : 'The access token is not valid.',
      );
    }
  };
}
