import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuePersonaTokens, seedPersonas } from '../src/app.ts';
import { createWorld, type World } from './world.ts';

describe('personas', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  const month = { ttlSeconds: 30 * 86_400 };

  it('are made once and then left as they are', async () => {
    expect(await seedPersonas(world)).toBe(7);
    const [freeDe] = await issuePersonaTokens(world, { ...month, names: ['free-de'] });
    const account = await world.accounts.findByEmail('free-de@medley.example');
    await world.accounts.update(account?.id as string, { tier: 'PREMIUM' });
    expect(await seedPersonas(world)).toBe(0);
    expect((await world.accounts.findByEmail('free-de@medley.example'))?.tier).toBe('PREMIUM');
    expect(freeDe?.userId).toBe('user_6qsejypx1kbnmac2yg1846ea63');
    await world.accounts.update(account?.id as string, { tier: 'FREE' });
  });

  it('have tokens that last and say who they are', async () => {
    await seedPersonas(world);
    const tokens = await issuePersonaTokens(world, month);
    expect(tokens.map(({ name }) => name)).toEqual([
      'free-de',
      'premium-us',
      'premium-br',
      'clean-us',
      'analyst',
      'editor',
      'admin',
    ]);
    world.turn(29 * 86_400_000);
    const viewers = await Promise.all(
      tokens.map(
        async ({ token }) =>
          (await world.ask('{ me { country tier allowsExplicit } }', {}, await world.as(token))).data.me,
      ),
    );
    expect(viewers).toEqual([
      { country: 'DE', tier: 'FREE', allowsExplicit: true },
      { country: 'US', tier: 'PREMIUM', allowsExplicit: true },
      { country: 'BR', tier: 'PREMIUM', allowsExplicit: true },
      { country: 'US', tier: 'PREMIUM', allowsExplicit: false },
      { country: 'DE', tier: 'PREMIUM', allowsExplicit: true },
      { country: 'DE', tier: 'PREMIUM', allowsExplicit: true },
      { country: 'DE', tier: 'PREMIUM', allowsExplicit: true },
    ]);
    expect(await world.actorOf(tokens[6]?.token as string)).toMatchObject({
      scopes: ['users:admin', 'catalog:write', 'analytics:read', 'playback:support'],
    });
  });

  it('keep their older tokens when they get fresh ones, and are revived after signing out', async () => {
    await seedPersonas(world);
    const names = ['premium-us'];
    const [older] = await issuePersonaTokens(world, { ...month, names });
    world.turn(60_000);
    await issuePersonaTokens(world, { ...month, names });
    const as = await world.as(older?.token as string);
    expect((await world.ask('{ me { email } }', {}, as)).data.me).toEqual({
      email: 'premium-us@medley.example',
    });
    await world.ask('mutation { sessionSignOut { endedSessions } }', {}, as);
    expect((await world.ask('{ me { email } }', {}, as)).data.me).toBeNull();
    const [fresh] = await issuePersonaTokens(world, { ...month, names });
    expect(
      (await world.ask('{ me { email } }', {}, await world.as(fresh?.token as string))).data.me,
    ).not.toBeNull();
  });

  it('sign in by their passwords', async () => {
    await seedPersonas(world);
    const [analyst] = await issuePersonaTokens(world, { ...month, names: ['analyst'] });
    const { userErrors } = await world.signIn({ email: analyst?.email, password: analyst?.password });
    expect(userErrors).toEqual([]);
  });

  it('say which there are when asked for one that is none', async () => {
    await expect(issuePersonaTokens(world, { ...month, names: ['root'] })).rejects.toThrow(
      'there is no persona "root"; there are free-de, premium-us',
    );
  });
});
