import { createHmac } from 'node:crypto';
import { isSameText, type SigningKey, type SigningKeys } from '@medley/signing-keys';
import { z } from 'zod';
import { audioQualities } from '../domain/audio-quality.ts';
import type { PlaybackTokenFacts, PlaybackTokens } from '../domain/playback-ports.ts';
import { tiers } from '../domain/tier.ts';

/**
 * Tokens of the form `v1.<kid>.<facts, base64url JSON>.<HMAC-SHA256, base64url>`. The first key signs, all verify.
 * A key has to stay for as long as plays may be reported late.
 */
export function createPlaybackTokens({ keys }: { keys: SigningKeys }): PlaybackTokens {
  return {
    sign(facts) {
      const payload = Buffer.from(JSON.stringify(toClaims(facts))).toString('base64url');
      const signed = `v1.${keys.current.kid}.${payload}`;
      return `${signed}.${signatureOf(signed, keys.current)}`;
    },
    verify(token) {
      const [, signed, kid, payload, signature] = form.exec(token) ?? [];
      const key = keys.byKid.get(kid ?? '');
      if (!signed || !payload || !signature || !key) return null;
      if (!isSameText(signature, signatureOf(signed, key))) return null;
      return readFacts(payload);
    },
  };
}

const form = /^(v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{1,2048}))\.([A-Za-z0-9_-]{43})$/;

// The purpose is signed with it: a text that the same key signed for something else is no playback token.
const signatureOf = (signed: string, { secret }: SigningKey) =>
  createHmac('sha256', secret).update(`playback-token\n${signed}`).digest('base64url');

// Short names: the token travels with each grant and each report.
const claimsSchema = z.object({
  dec: z.string(),
  sub: z.string(),
  trk: z.string(),
  mkt: z.string(),
  tier: z.enum(tiers),
  req: z.enum(audioQualities),
  got: z.enum(audioQualities),
  /** Milliseconds since 1970. */
  iat: z.number().int(),
});

function toClaims(facts: PlaybackTokenFacts): z.output<typeof claimsSchema> {
  return {
    dec: facts.decisionId,
    sub: facts.viewerId,
    trk: facts.trackId,
    mkt: facts.market,
    tier: facts.tier,
    req: facts.requestedQuality,
    got: facts.grantedQuality,
    iat: facts.decidedAt.getTime(),
  };
}

function readFacts(payload: string): PlaybackTokenFacts | null {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return null;
  }
  const { success, data } = claimsSchema.safeParse(json);
  if (!success) return null;
  return {
    decisionId: data.dec,
    viewerId: data.sub,
    trackId: data.trk,
    market: data.mkt,
    tier: data.tier,
    requestedQuality: data.req,
    grantedQuality: data.got,
    decidedAt: new Date(data.iat),
  };
}
