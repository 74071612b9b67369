import type { Mail } from '../domain/mail.ts';

/**
 * Prints mails instead of sending them: for one person at one machine.
 * @param write gets whole lines
 */
export function createConsoleMail(write: (text: string) => void): Mail {
  return {
    async sendPasswordReset({ to, displayName, code, expiresAt }) {
      write(
        [
          '',
          `  To:      ${to}`,
          '  Subject: Your new Medley password',
          '',
          `  Hello ${displayName}, set a new password with this code:`,
          `  ${code}`,
          `  It works once, until ${expiresAt.toISOString()}.`,
          '',
        ].join('\n'),
      );
    },
  };
}
