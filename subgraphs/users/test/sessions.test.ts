import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

describe(`sessions on ${testDatabaseKind}`, () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const me = async (accessToken: string) => {
    const { data, errors } = await world.ask<{ me: { email: string } | null }>(
      '{ me { email } }',
      {},
      await world.as(accessToken),
    );
    return data.me?.email ?? errors?.[0]?.extensions.code;
  };
  const sessionOf = async (accessToken: string) => {
    const actor = await world.actorOf(accessToken);
    return actor.kind === 'viewer' ? actor.sessionId : undefined;
  };
  const rejected = [
    { field: ['input', 'refreshToken'], code: 'TOKEN_REJECTED', message: expect.any(String) },
  ];

  it('trade a refresh token for new tokens of the same session, which then lasts longer', async () => {
    const { tokens, email } = await world.signUp();
    world.turn(86_400_000);
    const { tokens: next, userErrors } = await world.refresh(tokens.refreshToken);
    expect(userErrors).toEqual([]);
    expect(next?.refreshToken).not.toBe(tokens.refreshToken);
    expect(await me(next?.accessToken as string)).toBe(email);
    expect(Date.parse(next?.refreshTokenExpiresAt as string) - world.now()).toBe(30 * 86_400_000);
  });

  it('end when a refresh token comes a second time, for whoever holds its successors', async () => {
    const { tokens, email } = await world.signUp();
    const stolen = tokens.refreshToken;
    const first = (await world.refresh(stolen)).tokens;
    expect(await me(first?.accessToken as string)).toBe(email);
    world.turn(10_001);
    expect(await world.refresh(stolen)).toEqual({ tokens: null, userErrors: rejected });
    expect(await world.refresh(first?.refreshToken as string)).toEqual({
      tokens: null,
      userErrors: rejected,
    });
    expect(await me(first?.accessToken as string)).toBe('UNAUTHENTICATED');
  });

  it('end when a token from long ago comes, however many came after it', async () => {
    const { tokens } = await world.signUp();
    let current = tokens.refreshToken;
    for (let round = 0; round < 5; round++) {
      world.turn(60_000);
      current = (await world.refresh(current)).tokens?.refreshToken as string;
    }
    expect((await world.refresh(tokens.refreshToken)).tokens).toBeNull();
    expect((await world.refresh(current)).tokens).toBeNull();
  });

  it('give a client whose answer got lost the same successor again, within ten seconds', async () => {
    const { tokens } = await world.signUp();
    const first = (await world.refresh(tokens.refreshToken)).tokens;
    world.turn(10_000);
    const again = (await world.refresh(tokens.refreshToken)).tokens;
    expect(again?.refreshToken).toBe(first?.refreshToken);
    expect(again?.refreshTokenExpiresAt).toBe(first?.refreshTokenExpiresAt);
    expect((await world.refresh(again?.refreshToken as string)).userErrors).toEqual([]);
  });

  it('do not give it again once the successor itself was used', async () => {
    const { tokens } = await world.signUp();
    const first = (await world.refresh(tokens.refreshToken)).tokens;
    await world.refresh(first?.refreshToken as string);
    expect((await world.refresh(tokens.refreshToken)).tokens).toBeNull();
    expect(await me(tokens.accessToken)).toBe('UNAUTHENTICATED');
  });

  it('rotate once when the same token comes many times at once, and fork nothing', async () => {
    const { tokens } = await world.signUp();
    const answers = await Promise.all(Array.from({ length: 12 }, () => world.refresh(tokens.refreshToken)));
    const successors = new Set(answers.map((answer) => answer.tokens?.refreshToken));
    expect([...successors]).toEqual([expect.stringMatching(/^mrt\./)]);
    expect((await world.refresh([...successors][0] as string)).userErrors).toEqual([]);
  });

  it('take no notice of tokens that were made up, also with the family of a real one', async () => {
    const { tokens, email } = await world.signUp();
    const [, family] = tokens.refreshToken.split('.');
    for (const madeUp of [
      '',
      'mrt',
      `mrt.${family}`,
      'x'.repeat(100_000),
      `mrt.${'A'.repeat(22)}.${'A'.repeat(43)}`,
      tokens.accessToken,
    ]) {
      expect(await world.refresh(madeUp)).toEqual({ tokens: null, userErrors: rejected });
    }
    expect(await me(tokens.accessToken)).toBe(email);
  });

  it('expire after thirty days without use, and after a year in any case', async () => {
    const idle = await world.signUp();
    const busy = await world.signUp();
    let current = busy.tokens.refreshToken;
    for (let day = 0; day < 13; day++) {
      world.turn(28 * 86_400_000);
      current = (await world.refresh(current)).tokens?.refreshToken as string;
      expect(current).toBeDefined();
    }
    expect((await world.refresh(idle.tokens.refreshToken)).tokens).toBeNull();
    world.turn(86_400_001);
    expect((await world.refresh(current)).tokens).toBeNull();
  });

  it('end here by signing out, and the others go on', async () => {
    const { tokens, email, password, as } = await world.signUp();
    const other = (await world.signIn({ email, password })).tokens;
    const signOut = 'mutation { sessionSignOut { endedSessions userErrors { code } } }';
    const { data } = await world.ask(signOut, {}, as);
    expect(data).toEqual({ sessionSignOut: { endedSessions: 1, userErrors: [] } });
    expect(await me(tokens.accessToken)).toBe('UNAUTHENTICATED');
    expect((await world.refresh(tokens.refreshToken)).tokens).toBeNull();
    expect(await me(other?.accessToken as string)).toBe(email);
    const again = await world.ask(signOut, {}, as);
    expect(again.data).toEqual({ sessionSignOut: { endedSessions: 0, userErrors: [] } });
  });

  it('end everywhere by one mutation, which an ended session cannot ask for', async () => {
    const { tokens, email, password, as } = await world.signUp();
    const other = (await world.signIn({ email, password })).tokens;
    const everywhere = 'mutation { sessionSignOutEverywhere { endedSessions } }';
    expect((await world.ask(everywhere, {}, as)).data).toEqual({
      sessionSignOutEverywhere: { endedSessions: 2 },
    });
    expect(await me(tokens.accessToken)).toBe('UNAUTHENTICATED');
    expect(await me(other?.accessToken as string)).toBe('UNAUTHENTICATED');
    const { errors } = await world.ask(everywhere, {}, as);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('are listed with their devices, the last used first, by constant SQL', async () => {
    const { email, password, tokens, as } = await world.signUp({ device: 'Phone' });
    world.turn(1_000);
    await world.signIn({ email, password, device: 'Car' });
    world.turn(1_000);
    await world.refresh(tokens.refreshToken);
    const before = world.database.statements.count();
    const { data } = await world.ask(
      '{ me { sessions { id device current createdAt lastUsedAt } again: sessions { id } } }',
      {},
      as,
    );
    expect(data.me).toMatchObject({
      sessions: [
        { id: await sessionOf(tokens.accessToken), device: 'Phone', current: true },
        { device: 'Car', current: false },
      ],
    });
    expect(world.database.statements.count() - before).toBe(3);
  });

  it('are not refreshed for accounts that are suspended', async () => {
    const { tokens, email } = await world.signUp();
    const account = await world.accounts.findByEmail(email);
    await world.accounts.update(account?.id as string, { status: 'SUSPENDED' });
    expect((await world.refresh(tokens.refreshToken)).tokens).toBeNull();
    expect(await me(tokens.accessToken)).toBe('UNAUTHENTICATED');
  });
});
