import { parseSigningKeys } from '@medley/signing-keys';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIdentitySigner, createIdentityVerifier, type Identity, IdentityError } from '../src/index.ts';

const secret = (byte: number) => Buffer.alloc(32, byte).toString('base64url');
const oldKeys = parseSigningKeys(`a:${secret(1)}`);
const newKeys = parseSigningKeys(`b:${secret(2)},a:${secret(1)}`);
const identity: Identity = {
  actor: { kind: 'viewer', id: 'user_1', sessionId: 'session_1', scopes: ['analytics:read'] },
  market: 'DE',
  marketSource: 'ADDRESS',
  explicit: true,
  clientAddress: '203.0.113.7',
};
const body = '{"query":"{ me { email } }"}';
const request = { body, requestId: 'request-1', deadline: 1_000_000 };

let clock = 1_000_000;
const now = () => clock;
const signer = createIdentitySigner({ audience: 'users', keys: oldKeys, reads: ['actor'], now });
let verifier = createIdentityVerifier({ audience: 'users', keys: newKeys, now });

beforeEach(() => {
  clock = 1_000_000;
  verifier = createIdentityVerifier({ audience: 'users', keys: newKeys, now });
});

function refusal(header: string | undefined, withBody = body): string {
  try {
    verifier.verify(header, withBody);
    return 'accepted';
  } catch (error) {
    if (error instanceof IdentityError) return error.reason;
    throw error;
  }
}

describe('identity', () => {
  it('arrives with the claims that the subgraph reads, and no others', () => {
    const claims = verifier.verify(signer.sign(identity, request), body);
    expect(claims).toMatchObject({
      aud: 'users',
      actor: identity.actor,
      requestId: 'request-1',
      deadline: 1_000_000,
    });
    expect(claims).not.toHaveProperty('market');
    expect(claims).not.toHaveProperty('clientAddress');
  });

  it('is good once', () => {
    const header = signer.sign(identity, request);
    expect(refusal(header)).toBe('accepted');
    expect(refusal(header)).toBe('REPLAYED');
    clock += 4_999;
    expect(refusal(header)).toBe('REPLAYED');
  });

  it('is good for five seconds', () => {
    const header = signer.sign(identity, request);
    clock += 5_001;
    expect(refusal(header)).toBe('STALE');
    clock -= 10_002;
    expect(refusal(header)).toBe('STALE');
  });

  it('is good for its body alone', () => {
    expect(refusal(signer.sign(identity, request), `${body} `)).toBe('ALTERED');
  });

  it('is good for its subgraph alone', () => {
    const other = createIdentitySigner({ audience: 'catalog', keys: oldKeys, reads: [], now });
    expect(refusal(other.sign(identity, request))).toBe('WRONG_AUDIENCE');
  });

  it('is refused when it is missing, malformed, or signed by a stranger', () => {
    expect(refusal(undefined)).toBe('MISSING');
    expect(refusal('v1.a.b')).toBe('MALFORMED');
    const stranger = createIdentitySigner({
      audience: 'users',
      keys: parseSigningKeys(`a:${secret(9)}`),
      reads: [],
      now,
    });
    expect(refusal(stranger.sign(identity, request))).toBe('FORGED');
  });

  it('is refused when any character of it was changed', () => {
    const header = signer.sign(identity, request);
    fc.assert(
      fc.property(fc.nat(header.length - 2), fc.constantFrom(...'AZaz09-_.'), (at, character) => {
        fc.pre(header[at] !== character);
        return refusal(header.slice(0, at) + character + header.slice(at + 1)) !== 'accepted';
      }),
    );
  });

  describe('of a service', () => {
    const serviceKeys = parseSigningKeys(`a:${secret(3)}`);
    const service: Identity = { ...identity, actor: { kind: 'service', id: 'streaming' } };
    const fromService = createIdentitySigner({ audience: 'users', keys: serviceKeys, reads: ['actor'], now });
    beforeEach(() => {
      verifier = createIdentityVerifier({ audience: 'users', keys: newKeys, serviceKeys, now });
    });

    it('arrives, also when a key of the router has the same id', () => {
      expect(verifier.verify(fromService.sign(service, request), body)).toMatchObject({
        actor: service.actor,
      });
      expect(refusal(signer.sign(identity, request))).toBe('accepted');
    });

    it.each<Identity['actor']>([
      { kind: 'anonymous' },
      { kind: 'viewer', id: 'user_1', sessionId: 'session_1', scopes: [] },
      { kind: 'app', id: 'app_1', viewerId: 'user_1', scopes: [] },
    ])('may not be somebody else: $kind', (actor) => {
      expect(refusal(fromService.sign({ ...identity, actor }, request))).toBe('NOT_ENTITLED');
    });

    it('may not leave out who it is', () => {
      const nameless = createIdentitySigner({ audience: 'users', keys: serviceKeys, reads: [], now });
      expect(refusal(nameless.sign(service, request))).toBe('NOT_ENTITLED');
    });

    it('is not for the router to give', () => {
      expect(refusal(signer.sign(service, request))).toBe('NOT_ENTITLED');
    });

    it('is a stranger where no service is expected', () => {
      verifier = createIdentityVerifier({ audience: 'users', keys: oldKeys, now });
      expect(refusal(fromService.sign(service, request))).toBe('FORGED');
    });
  });

  it('still forgets old nonces after a long pause', () => {
    for (let round = 0; round < 3; round++) {
      clock += 60_000;
      expect(refusal(signer.sign(identity, request))).toBe('accepted');
    }
  });
});
