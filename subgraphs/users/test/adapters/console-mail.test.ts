import { expect, it } from 'vitest';
import { createConsoleMail } from '../../src/adapters/console-mail.ts';

it('prints a mail with its code', async () => {
  const written: string[] = [];
  await createConsoleMail((text) => written.push(text)).sendPasswordReset({
    to: 'ada@example.com',
    displayName: 'Ada',
    code: 'the-code',
    expiresAt: new Date(0),
  });
  expect(written.join('\n')).toContain('ada@example.com');
  expect(written.join('\n')).toMatch(/^ {2}the-code$/m);
});
