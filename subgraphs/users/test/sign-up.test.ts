import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, signUpMutation, type UserError, type World } from './world.ts';

describe('signing up', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const input = (changes: Record<string, unknown> = {}) => ({
    email: world.newEmail(),
    password: 'correct horse battery',
    displayName: 'Ada',
    country: 'DE',
    ...changes,
  });
  async function signUp(changes: Record<string, unknown> = {}, clientAddress = '192.0.2.7') {
    const { data, errors } = await world.ask<{
      viewerSignUp: {
        viewer: Record<string, unknown> | null;
        tokens: object | null;
        userErrors: UserError[];
      };
    }>(signUpMutation, { input: input(changes) }, { clientAddress });
    return { ...data?.viewerSignUp, errors };
  }
  const codesOf = (userErrors: UserError[] = []) =>
    userErrors.map(({ field, code }) => `${field?.join('.')} ${code}`);

  it('makes a free account in the given country and signs it in', async () => {
    const { viewer, tokens, userErrors } = await signUp({ email: '  Ada@Example.COM ', device: 'Kitchen' });
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({
      email: 'ada@example.com',
      country: 'DE',
      tier: 'FREE',
      allowsExplicit: true,
      sessions: [{ device: 'Kitchen', current: true }],
    });
    expect(tokens).toMatchObject({
      accessTokenExpiresAt: '2026-11-23T08:15:00.000Z',
      refreshTokenExpiresAt: '2026-12-23T08:00:00.000Z',
    });
  });

  it('tells all that is wrong with an input at once, and hashes nothing', async () => {
    const before = world.hashing.hash;
    const { viewer, userErrors } = await signUp(
      { email: 'nobody', password: 'short', displayName: ' ', device: 'a\u0000b' },
      '192.0.2.8',
    );
    expect(viewer).toBeNull();
    expect(codesOf(userErrors)).toEqual([
      'input.email INVALID',
      'input.password TOO_SHORT',
      'input.displayName TOO_SHORT',
      'input.device INVALID',
    ]);
    expect(world.hashing.hash).toBe(before);
  });

  it('refuses a password of a megabyte before anything is hashed', async () => {
    const before = world.hashing.hash;
    const { userErrors } = await signUp({ password: 'x'.repeat(1_000_000) });
    expect(codesOf(userErrors)).toEqual(['input.password TOO_LONG']);
    expect(world.hashing.hash).toBe(before);
  });

  it('says that an address is taken, however it is written, after the same hashing', async () => {
    await signUp({ email: 'grace@example.com' });
    const before = world.hashing.hash;
    const { viewer, tokens, userErrors } = await signUp({ email: 'GRACE@example.com ' });
    expect([viewer, tokens]).toEqual([null, null]);
    expect(codesOf(userErrors)).toEqual(['input.email TAKEN']);
    expect(world.hashing.hash).toBe(before + 1);
  });

  it('gives one address to one of many that want it at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => signUp({ email: 'rush@example.com' }, '192.0.2.9')),
    );
    expect(results.filter(({ tokens }) => tokens)).toHaveLength(1);
    expect(results.flatMap(({ userErrors }) => codesOf(userErrors))).toEqual(
      Array(4).fill('input.email TAKEN'),
    );
  });

  it('takes addresses and names of any script', async () => {
    const { viewer, userErrors } = await signUp({ email: 'ДЖО@ПОЧТА.рф', displayName: '  宇多田ヒカル 🎧 ' });
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({ email: 'джо@почта.рф', user: { displayName: '宇多田ヒカル 🎧' } });
  });

  it.each(['UK', 'EU', 'ZZ', 'de', 'Germany'])(
    'refuses %j, which is no country, and says what is',
    async (country) => {
      const { errors } = await signUp({ country });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors?.[0]?.message).toContain(
        `expected an ISO 3166-1 alpha-2 code such as DE, got ${JSON.stringify(country)}`,
      );
    },
  );

  it('is throttled by client address', async () => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 22; attempt++) {
      const { userErrors } = await signUp({ email: 'grace@example.com' }, '2001:db8:ffff::1');
      codes.push(...(userErrors ?? []).map(({ code }) => code));
    }
    expect(codes).toEqual([...Array(20).fill('TAKEN'), 'THROTTLED', 'THROTTLED']);
    expect((await signUp({}, '192.0.2.10')).userErrors).toEqual([]);
  });
});
