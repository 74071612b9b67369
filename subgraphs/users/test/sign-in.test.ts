import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

describe('signing in', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('starts a session with email and password', async () => {
    const { email, password } = await world.signUp();
    const { viewer, tokens, userErrors } = await world.signIn({
      email: ` ${email.toUpperCase()}`,
      password,
      device: 'Car',
    });
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({
      email,
      sessions: [
        { device: 'Car', current: true },
        { device: null, current: false },
      ],
    });
    expect(await world.actorOf(tokens?.accessToken as string)).toMatchObject({ kind: 'viewer', scopes: [] });
  });

  it('gives unknown accounts the answer of wrong passwords, after the same work', async () => {
    const { email } = await world.signUp();
    const before = world.hashing.verify.length;
    const wrong = await world.signIn({ email, password: 'not this one' });
    const unknown = await world.signIn({ email: 'nobody@example.com', password: 'not this one' });
    expect(unknown).toEqual(wrong);
    expect(wrong.userErrors).toEqual([
      { field: null, code: 'CREDENTIALS_REJECTED', message: 'Email and password do not belong together.' },
    ]);
    expect(world.hashing.verify.slice(before)).toEqual([expect.stringContaining('$argon2id$'), undefined]);
  });

  it('gives suspended accounts the same answer too', async () => {
    const { email, password, id } = await world.signUp();
    const account = await world.accounts.findByEmail(email);
    await world.accounts.update(account?.id as string, { status: 'SUSPENDED' });
    const { tokens, userErrors } = await world.signIn({ email, password });
    expect([tokens, userErrors[0]?.code]).toEqual([null, 'CREDENTIALS_REJECTED']);
    expect(id).toMatch(/^user_/);
  });

  it('takes a password however the keyboard composes it', async () => {
    const { email } = await world.signUp({ password: 'Cafe\u0301 Zu\u0308rich' });
    expect((await world.signIn({ email, password: 'Café Zürich' })).userErrors).toEqual([]);
    expect((await world.signIn({ email, password: 'Cafe Zurich' })).tokens).toBeNull();
  });

  it('hashes a password anew when its hash has outdated parameters, once it is known to be right', async () => {
    const { email, password } = await world.signUp();
    const before = world.hashing.hash;
    world.passwords.isOutdated = () => true;
    expect((await world.signIn({ email, password: 'not this one' })).tokens).toBeNull();
    expect(world.hashing.hash).toBe(before);
    expect((await world.signIn({ email, password })).userErrors).toEqual([]);
    expect(world.hashing.hash).toBe(before + 1);
    world.passwords.isOutdated = () => false;
    expect((await world.signIn({ email, password })).userErrors).toEqual([]);
  });

  it('does not hash a password that is longer than any', async () => {
    const { email } = await world.signUp();
    const before = world.hashing.verify.length;
    const { userErrors } = await world.signIn({ email, password: 'x'.repeat(1_000_000) });
    expect(userErrors[0]?.code).toBe('CREDENTIALS_REJECTED');
    expect(world.hashing.verify.length).toBe(before);
  });

  it('never continues a session that the client brings: each sign-in has its own, with new secrets', async () => {
    const victim = await world.signUp();
    const attacker = await world.signUp();
    const { data } = await world.ask<{
      viewerSignIn: { tokens: { accessToken: string; refreshToken: string } };
    }>(
      'mutation ($input: ViewerSignInInput!) { viewerSignIn(input: $input) { tokens { accessToken refreshToken } } }',
      { input: { email: victim.email, password: victim.password } },
      { ...attacker.as, clientAddress: '192.0.2.20' },
    );
    const { tokens } = data.viewerSignIn;
    const actor = await world.actorOf(tokens.accessToken);
    expect(actor).toMatchObject({ id: victim.id });
    const sessionIds = [actor, attacker.as.actor, victim.as.actor].map(
      (of) => of?.kind === 'viewer' && of.sessionId,
    );
    expect(new Set(sessionIds).size).toBe(3);
    const families = [tokens, attacker.tokens, victim.tokens].map(
      ({ refreshToken }) => refreshToken.split('.')[1],
    );
    expect(new Set(families).size).toBe(3);
  });

  it('is throttled by account from wherever the attempts come, known or not, also when they come at once', async () => {
    const { email, password } = await world.signUp();
    for (const target of [email, 'nobody-at-all@example.com']) {
      const answers = await Promise.all(
        Array.from({ length: 14 }, (_, index) =>
          world.signIn({ email: target, password: 'guess' }, `198.51.100.${index}`),
        ),
      );
      const codes = answers.map(({ userErrors }) => userErrors[0]?.code).sort();
      expect(codes).toEqual([...Array(10).fill('CREDENTIALS_REJECTED'), ...Array(4).fill('THROTTLED')]);
    }
    const { tokens, userErrors } = await world.signIn({ email, password }, '198.51.100.99');
    expect(tokens).toBeNull();
    expect(userErrors[0]?.message).toMatch(/try again in 15 minutes/);
  });

  it('is throttled by client address over many accounts, and counts only failures', {
    timeout: 120_000,
  }, async () => {
    const { email, password } = await world.signUp();
    for (let index = 0; index < 100; index++) {
      await world.signIn(
        { email: `guess-${index}@example.com`, password: 'guess' },
        `2001:db8:1:2::${index}`,
      );
      if (index % 10 === 0) {
        expect((await world.signIn({ email, password }, '2001:db8:1:2:ffff::1')).userErrors).toEqual([]);
      }
    }
    expect((await world.signIn({ email, password }, '2001:db8:1:2::9')).userErrors[0]?.code).toBe(
      'THROTTLED',
    );
    expect((await world.signIn({ email, password }, '2001:db8:1:3::9')).userErrors).toEqual([]);
  });

  it('keeps the 50 sessions that were used last', { timeout: 120_000 }, async () => {
    const { email, password, as } = await world.signUp();
    for (let index = 0; index < 50; index++) {
      world.turn(1_000);
      await world.signIn({ email, password, device: `device ${index}` });
    }
    const { data, errors } = await world.ask('{ me { email } }', {}, as);
    expect([data.me, errors?.[0]?.extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
    const { viewer } = await world.signIn({ email, password });
    expect((viewer as { sessions: object[] }).sessions).toHaveLength(50);
  });
});
