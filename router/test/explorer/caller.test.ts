import { createCallerHeaders, describeCaller } from '@medley/explorer/caller';
import { describe, expect, it } from 'vitest';

const brazil = { country: 'BR', name: 'Brazil', address: '200.160.2.3' };

const nowSeconds = Math.floor(Date.now() / 1000);

function tokenFor(seconds: number, id: number): string {
  const claims = { exp: nowSeconds + seconds, id };
  return `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

describe('the headers of a caller', () => {
  it('are none for nobody from here', async () => {
    const headers = createCallerHeaders(async () => []);
    expect(await headers({ credential: { kind: 'anonymous' }, address: null })).toEqual({});
  });

  it('name the place to be seen from', async () => {
    const headers = createCallerHeaders(async () => []);
    const caller = { credential: { kind: 'anonymous' }, address: brazil } as const;
    expect(await headers(caller)).toEqual({ 'x-forwarded-for': '200.160.2.3' });
    expect(describeCaller(caller)).toBe('as nobody, from Brazil');
  });

  it.each(['a.b.c', '  a.b.c\n', 'Bearer a.b.c'])('take a token as it was pasted: %j', async (token) => {
    const headers = createCallerHeaders(async () => []);
    expect(await headers({ credential: { kind: 'token', token }, address: null })).toEqual({
      authorization: 'Bearer a.b.c',
    });
  });

  it.each([
    ['keep a persona’s token while it is good', 600, 1],
    ['ask for a fresh one before it expires', 20, 2],
  ])('%s', async (_what, seconds, expectedReads) => {
    let reads = 0;
    const headers = createCallerHeaders(async () => [
      { name: 'premium-us', description: '', token: tokenFor(seconds, ++reads) },
    ]);
    const caller = { credential: { kind: 'persona', name: 'premium-us' }, address: null } as const;
    await headers(caller);
    expect(await headers(caller)).toEqual({ authorization: `Bearer ${tokenFor(seconds, expectedReads)}` });
    expect(reads).toBe(expectedReads);
  });
});
