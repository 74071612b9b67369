import type { Identity } from '@medley/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type UserError, type World } from './world.ts';

describe('passwords', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  async function change(as: Partial<Identity>, input: { currentPassword: string; newPassword: string }) {
    const { data, errors } = await world.ask<{
      passwordChange: { viewer: { email: string } | null; userErrors: UserError[] } | null;
    }>(
      'mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) { viewer { email } userErrors { field code } } }',
      { input },
      as,
    );
    return { ...data.passwordChange, errors };
  }
  async function requestReset(email: string, clientAddress = '192.0.2.30') {
    const { data } = await world.ask<{ passwordResetRequest: { userErrors: UserError[] } }>(
      'mutation ($input: PasswordResetRequestInput!) { passwordResetRequest(input: $input) { userErrors { field code } } }',
      { input: { email } },
      { clientAddress },
    );
    await world.app.settled();
    return data.passwordResetRequest.userErrors;
  }
  async function reset(code: string, newPassword: string, clientAddress = '192.0.2.31') {
    const { data } = await world.ask<{ passwordReset: { userErrors: UserError[] } }>(
      'mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { field code } } }',
      { input: { code, newPassword } },
      { clientAddress },
    );
    return data.passwordReset.userErrors;
  }
  const codeMailedTo = (email: string) => world.mails.findLast(({ to }) => to === email)?.code as string;
  const isSignedIn = async (as: Partial<Identity>) =>
    (await world.ask<{ me: object | null }>('{ me { email } }', {}, as)).data.me !== null;
  const tokenRejected = [{ field: ['input', 'code'], code: 'TOKEN_REJECTED' }];

  it('are changed by who knows the old one, and all other sessions end', async () => {
    const { email, password, as, tokens } = await world.signUp();
    const other = (await world.signIn({ email, password })).tokens;
    const { viewer, userErrors } = await change(as, {
      currentPassword: password,
      newPassword: 'a better one 42',
    });
    expect([viewer, userErrors]).toEqual([{ email }, []]);
    expect(await isSignedIn(as)).toBe(true);
    expect((await world.refresh(tokens.refreshToken)).userErrors).toEqual([]);
    expect(await isSignedIn(await world.as(other?.accessToken as string))).toBe(false);
    expect((await world.refresh(other?.refreshToken as string)).tokens).toBeNull();
    expect((await world.signIn({ email, password })).tokens).toBeNull();
    expect((await world.signIn({ email, password: 'a better one 42' })).userErrors).toEqual([]);
  });

  it('are not changed without the old one, nor for nobody', async () => {
    const { as, email, password } = await world.signUp();
    const wrong = await change(as, { currentPassword: 'not this one', newPassword: 'a better one 42' });
    expect(wrong.userErrors).toEqual([{ field: ['input', 'currentPassword'], code: 'CREDENTIALS_REJECTED' }]);
    const nobody = await change({}, { currentPassword: password, newPassword: 'a better one 42' });
    expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await world.signIn({ email, password })).userErrors).toEqual([]);
  });

  it('are not guessed by changing them: that is throttled too', async () => {
    const { as, password } = await world.signUp();
    const codes: (string | undefined)[] = [];
    for (let guess = 0; guess < 11; guess++) {
      const { userErrors } = await change(as, {
        currentPassword: `guess ${guess}`,
        newPassword: 'a better one 42',
      });
      codes.push(userErrors?.[0]?.code);
    }
    expect(codes).toEqual([...Array(10).fill('CREDENTIALS_REJECTED'), 'THROTTLED']);
    const { userErrors } = await change(as, { currentPassword: password, newPassword: 'a better one 42' });
    expect(userErrors?.[0]?.code).toBe('THROTTLED');
  });

  it('are never common ones, too short, or the own address', async () => {
    const { as, password, email } = await world.signUp();
    for (const [newPassword, code] of [
      ['Password123', 'TOO_COMMON'],
      ['abcabcabc', 'TOO_COMMON'],
      [email.toUpperCase(), 'TOO_COMMON'],
      ['😀😀😀abcd', 'TOO_SHORT'],
      ['x'.repeat(257), 'TOO_LONG'],
    ] as const) {
      const { userErrors } = await change(as, { currentPassword: password, newPassword });
      expect(userErrors).toEqual([{ field: ['input', 'newPassword'], code }]);
    }
  });

  it('are reset by a mailed code, once, and all sessions end', async () => {
    const { email, as, tokens } = await world.signUp({ displayName: 'Grace' });
    expect(await requestReset(` ${email.toUpperCase()} `)).toEqual([]);
    expect(world.mails.at(-1)).toMatchObject({
      to: email,
      displayName: 'Grace',
      expiresAt: new Date(world.now() + 1_800_000),
    });
    const code = codeMailedTo(email);
    expect(await reset(code, 'brand new secret')).toEqual([]);
    expect(await isSignedIn(as)).toBe(false);
    expect((await world.refresh(tokens.refreshToken)).tokens).toBeNull();
    expect((await world.signIn({ email, password: 'brand new secret' })).userErrors).toEqual([]);
    expect(await reset(code, 'and another one')).toEqual(tokenRejected);
  });

  it('are reset by one of many that bring the same code at once', async () => {
    const { email } = await world.signUp();
    await requestReset(email);
    const code = codeMailedTo(email);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => reset(code, `new secret ${index}`)),
    );
    expect(answers.filter((userErrors) => userErrors.length === 0)).toHaveLength(1);
  });

  it('give the same answer to a request for nobody, and mail nothing', async () => {
    const before = world.mails.length;
    expect(await requestReset('nobody@example.com')).toEqual([]);
    expect(world.mails.length).toBe(before);
  });

  it('answer a request before anything is looked up, so that time tells nothing', async () => {
    const { email } = await world.signUp();
    const before = world.database.statements.count();
    const { data } = await world.ask<{ passwordResetRequest: object }>(
      'mutation ($input: PasswordResetRequestInput!) { passwordResetRequest(input: $input) { userErrors { code } } }',
      { input: { email } },
      { clientAddress: '192.0.2.32' },
    );
    expect(data.passwordResetRequest).toEqual({ userErrors: [] });
    expect(world.mails.some(({ to }) => to === email)).toBe(false);
    await world.app.settled();
    expect(world.mails.some(({ to }) => to === email)).toBe(true);
    expect(world.database.statements.count()).toBeGreaterThan(before);
  });

  it('refuse codes that have expired, were made up, or are older than a reset', async () => {
    const { email } = await world.signUp();
    await requestReset(email);
    const early = codeMailedTo(email);
    await requestReset(email);
    const late = codeMailedTo(email);
    expect(await reset('made up', 'brand new secret')).toEqual(tokenRejected);
    expect(await reset('x'.repeat(100_000), 'brand new secret')).toEqual(tokenRejected);
    expect(await reset(early, 'brand new secret')).toEqual([]);
    expect(await reset(late, 'and another one')).toEqual(tokenRejected);
    await requestReset(email);
    world.turn(1_800_000);
    expect(await reset(codeMailedTo(email), 'too late for it')).toEqual(tokenRejected);
  });

  it('keep the code for another try when the new password is refused', async () => {
    const { email } = await world.signUp();
    await requestReset(email);
    expect(await reset(codeMailedTo(email), 'password1')).toEqual([
      { field: ['input', 'newPassword'], code: 'TOO_COMMON' },
    ]);
    expect(await reset(codeMailedTo(email), email)).toEqual([
      { field: ['input', 'newPassword'], code: 'TOO_COMMON' },
    ]);
    expect(await reset(codeMailedTo(email), 'brand new secret')).toEqual([]);
  });

  it('hash nothing for codes that were made up', async () => {
    const before = world.hashing.hash;
    await reset('made up', 'brand new secret');
    expect(world.hashing.hash).toBe(before);
  });

  it('let in who reset one after too many guesses', async () => {
    const { email } = await world.signUp();
    for (let guess = 0; guess < 11; guess++) await world.signIn({ email, password: 'guess' });
    await requestReset(email);
    await reset(codeMailedTo(email), 'brand new secret');
    expect((await world.signIn({ email, password: 'brand new secret' })).userErrors).toEqual([]);
  });

  it('mail three codes an hour to one address, known or not', async () => {
    const { email } = await world.signUp();
    for (const target of [email, 'nobody-else@example.com']) {
      const codes: (string | undefined)[] = [];
      for (let request = 0; request < 5; request++) {
        codes.push((await requestReset(target, `198.51.100.${request}`))[0]?.code);
      }
      expect(codes).toEqual([undefined, undefined, undefined, 'THROTTLED', 'THROTTLED']);
    }
  });

  it('rest hashed, like refresh tokens and codes', async () => {
    const { email, password, tokens } = await world.signUp();
    await requestReset(email, '192.0.2.33');
    const account = await world.accounts.findByEmail(email);
    expect(account?.passwordHash).not.toContain(password);
    const [session] = await world.sessions.findAlive([account?.id as string], new Date(world.now()));
    const stored = JSON.stringify(session, (_key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
    );
    for (const part of tokens.refreshToken.split('.').slice(1)) expect(stored).not.toContain(part);
  });
});
