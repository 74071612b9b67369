import { createLogger } from '@medley/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

describe('the log of users', () => {
  const lines: string[] = [];
  let world: World;
  beforeAll(async () => {
    const logger = createLogger('users', 'trace', { write: (line) => void lines.push(line) });
    world = await createWorld({ logger });
  });
  afterAll(() => world.close());
  const events = () => lines.map((line) => JSON.parse(line).event).filter(Boolean);

  it('tells an operator what happened, and holds nothing secret or personal', async () => {
    const { email, password, tokens, id } = await world.signUp({ displayName: 'Ada Lovelace' });
    await world.signIn({ email, password: 'wrong guess' });
    const next = (await world.refresh(tokens.refreshToken)).tokens;
    world.turn(60_000);
    await world.refresh(tokens.refreshToken);
    await world.ask(
      'mutation ($input: PasswordResetRequestInput!) { passwordResetRequest(input: $input) { userErrors { code } } }',
      { input: { email } },
    );
    await world.app.settled();
    const code = world.mails[0]?.code as string;
    await world.ask(
      'mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code } } }',
      { input: { code, newPassword: 'brand new secret' } },
    );
    for (let attempt = 0; attempt < 11; attempt++)
      await world.signIn({ email: 'nobody@example.com', password: 'x' });

    expect([...new Set(events())]).toEqual([
      'SIGNED_UP',
      'SIGN_IN_REJECTED',
      'REFRESH_TOKEN_REUSED',
      'PASSWORD_RESET_MAILED',
      'PASSWORD_RESET',
      'THROTTLED',
    ]);
    const log = lines.join('');
    expect(log).toContain(id);
    const secrets = [
      email,
      password,
      'wrong guess',
      'brand new secret',
      code,
      'Lovelace',
      'nobody@example.com',
      'argon2id',
    ];
    const tokenParts = [tokens, next].flatMap((pair) => [
      pair?.accessToken,
      ...(pair?.refreshToken.split('.').slice(1) ?? []),
    ]);
    for (const secret of [...secrets, ...tokenParts]) expect(log).not.toContain(secret);
  });

  it('tells of mails that could not be sent, while the answer stays the same', async () => {
    const failing = await createWorld({
      logger: createLogger('users', 'trace', { write: (line) => void lines.push(line) }),
      mail: { sendPasswordReset: () => Promise.reject(new Error('the mail server is down')) },
    });
    const { email } = await failing.signUp();
    const { data } = await failing.ask<{ passwordResetRequest: object }>(
      'mutation ($input: PasswordResetRequestInput!) { passwordResetRequest(input: $input) { userErrors { code } } }',
      { input: { email } },
    );
    expect(data.passwordResetRequest).toEqual({ userErrors: [] });
    await failing.close();
    expect(lines.join('')).toContain('the mail server is down');
  });
});
