import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  audioFormats,
  audioQualities,
  createUrlSigner,
  createUrlVerifier,
  parseSigningKeys,
} from '../src/index.ts';

const secret = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const now = Date.UTC(2026, 0, 1);
const clock = () => now;
const oldKeys = parseSigningKeys(`old:${secret(1)}`);
const bothKeys = parseSigningKeys(`new:${secret(2)},old:${secret(1)}`);
const newKeys = parseSigningKeys(`new:${secret(2)}`);
const baseUrl = 'https://edge.example.com';

const arbitraryGrant = fc.record({
  trackId: fc
    .string({ unit: fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'), minLength: 26, maxLength: 26 })
    .map((suffix) => `track_${suffix}`),
  quality: fc.constantFrom(...audioQualities),
  userId: fc.string({ minLength: 1 }),
  lifetimeSeconds: fc.integer({ min: 1, max: 7_200 }),
});

type Grant = typeof arbitraryGrant extends fc.Arbitrary<infer T> ? T : never;

function signed(keys: typeof oldKeys, { lifetimeSeconds, ...grant }: Grant): string {
  return createUrlSigner({ keys, baseUrl })
    .sign({
      ...grant,
      extension: audioFormats[grant.quality].extension,
      expiresAt: new Date(now + lifetimeSeconds * 1000),
    })
    .slice(baseUrl.length);
}

const sample: Grant = {
  trackId: 'track_0123456789abcdefghjkmnpqrs',
  quality: 'NORMAL',
  userId: 'user_0123456789abcdefghjkmnpqrs',
  lifetimeSeconds: 600,
};

describe('a signed URL', () => {
  it('gives back what was signed', () => {
    const verifier = createUrlVerifier({ keys: oldKeys, clock });
    fc.assert(
      fc.property(arbitraryGrant, (grant) => {
        expect(verifier.verify(signed(oldKeys, grant))).toMatchObject({
          ok: true,
          trackId: grant.trackId,
          quality: grant.quality,
          extension: audioFormats[grant.quality].extension,
          expiresAt: new Date(now + grant.lifetimeSeconds * 1000),
        });
      }),
    );
  });

  it('has the documented form', () => {
    expect(signed(oldKeys, sample)).toMatch(
      /^\/audio\/v1\/track_0123456789abcdefghjkmnpqrs\/normal\.ogg\?t=v1\.old\.1767226200\.[\w-]{22}\.[\w-]{43}$/,
    );
  });

  it('is refused with any one bit flipped', () => {
    const verifier = createUrlVerifier({ keys: bothKeys, clock });
    const url = Buffer.from(signed(oldKeys, sample));
    for (let bit = 0; bit < url.length * 8; bit += 1) {
      const flipped = Buffer.from(url);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(verifier.verify(flipped.toString('latin1')).ok, flipped.toString('latin1')).toBe(false);
    }
  });

  it('is refused with any character replaced, added or dropped', () => {
    const verifier = createUrlVerifier({ keys: bothKeys, clock });
    const edit = fc.record({ at: fc.nat(), drop: fc.nat({ max: 3 }), insert: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(arbitraryGrant, edit, (grant, { at, drop, insert }) => {
        const url = signed(oldKeys, grant);
        const start = at % (url.length + 1);
        const edited = url.slice(0, start) + insert + url.slice(start + drop);
        fc.pre(edited !== url);
        expect(verifier.verify(edited).ok).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not open another track, quality or extension', () => {
    const verifier = createUrlVerifier({ keys: oldKeys, clock });
    const url = signed(oldKeys, sample);
    for (const other of [
      url.replace('pqrs', 'pqrt'),
      url.replace('/normal', '/high'),
      url.replace('.ogg', '.flac'),
    ]) {
      expect(verifier.verify(other)).toEqual({ ok: false, reason: 'FORGED' });
    }
  });

  it('has one spelling only', () => {
    const verifier = createUrlVerifier({ keys: oldKeys, clock });
    const url = signed(oldKeys, sample);
    for (const other of [
      url.replace('/v1/', '/v1//'),
      url.replace('/v1/', '/v1/./'),
      url.replace('/v1/', '/v1/x/../'),
      url.replace('/v1/', '/v1/%2e/'),
      url.replace('/v1/', '/v1%2f'),
      url.replace('track_', 'track%5f'),
      url.replace('/audio', '/AUDIO'),
      url.replace('normal', 'NORMAL'),
      url.replace('track_', 'TRACK_'),
      url.replace('.ogg', '.ogg/'),
      url.replace('.ogg', '.ogg%00'),
      url.replace('.ogg', '.ogg\n'),
      `${url}&t=again`,
      `${url}?t=again`,
      `${url}\n`,
      `https://elsewhere.example${url}`,
      url.replace('?t=', '?x=1&t='),
      url.replace(/\?.*/, ''),
      '',
    ]) {
      expect(verifier.verify(other), other).toEqual({ ok: false, reason: 'MALFORMED' });
    }
  });

  it('expires on the second, and a forged one does not say that it has', () => {
    const url = signed(oldKeys, sample);
    const at = (seconds: number) => createUrlVerifier({ keys: oldKeys, clock: () => now + seconds * 1000 });
    expect(at(599.999).verify(url).ok).toBe(true);
    expect(at(600).verify(url)).toEqual({ ok: false, reason: 'EXPIRED' });
    expect(at(600).verify(url.replace('/normal', '/high'))).toEqual({ ok: false, reason: 'FORGED' });
  });

  it('is refused when it would live longer than two hours', () => {
    const verifier = createUrlVerifier({ keys: oldKeys, clock });
    expect(verifier.verify(signed(oldKeys, { ...sample, lifetimeSeconds: 7_200 })).ok).toBe(true);
    expect(verifier.verify(signed(oldKeys, { ...sample, lifetimeSeconds: 7_201 }))).toEqual({
      ok: false,
      reason: 'FORGED',
    });
  });

  it('carries a pseudonym: the same for one user, another for another, never the id', () => {
    const verifier = createUrlVerifier({ keys: oldKeys, clock });
    const uidOf = (userId: string, quality: Grant['quality'] = 'NORMAL') => {
      const url = signed(oldKeys, { ...sample, userId, quality });
      expect(url).not.toContain(userId);
      const verdict = verifier.verify(url);
      return verdict.ok ? verdict.uid : undefined;
    };
    expect(uidOf('user_a')).toMatch(/^[\w-]{22}$/);
    expect(uidOf('user_a', 'HIGH')).toBe(uidOf('user_a'));
    expect(uidOf('user_b')).not.toBe(uidOf('user_a'));
  });

  it('is not made for nobody, for no date or for an id that is not public', () => {
    const { sign } = createUrlSigner({ keys: oldKeys, baseUrl });
    const request = { ...sample, extension: 'ogg', expiresAt: new Date(now) };
    expect(() => sign({ ...request, userId: '' })).toThrow('no anonymous grants');
    expect(() => sign({ ...request, expiresAt: new Date(Number.NaN) })).toThrow('Invalid Date');
    expect(() => sign({ ...request, trackId: 'track_../../etc' })).toThrow('public track id');
  });
});

describe('rotation of the signing key', () => {
  const oldUrl = signed(oldKeys, sample);
  const newUrl = signed(bothKeys, sample);

  it('signs with the first key and keeps the old one playing', () => {
    const verifier = createUrlVerifier({ keys: bothKeys, clock });
    expect(newUrl).toContain('?t=v1.new.');
    expect(verifier.verify(oldUrl).ok).toBe(true);
    expect(verifier.verify(newUrl).ok).toBe(true);
  });

  it('ends the old key when it is dropped', () => {
    const verifier = createUrlVerifier({ keys: newKeys, clock });
    expect(verifier.verify(oldUrl)).toEqual({ ok: false, reason: 'FORGED' });
    expect(verifier.verify(newUrl).ok).toBe(true);
  });

  it('does not let one key sign in the name of another', () => {
    const verifier = createUrlVerifier({ keys: bothKeys, clock });
    expect(verifier.verify(newUrl.replace('v1.new.', 'v1.old.'))).toEqual({ ok: false, reason: 'FORGED' });
  });
});
