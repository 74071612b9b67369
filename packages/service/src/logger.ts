import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

// Whatever is logged by accident, these never get out.
const secrets = [
  'authorization',
  'cookie',
  'token',
  'accessToken',
  'refreshToken',
  'password',
  'x-medley-identity',
];

/**
 * A logger that writes JSON lines. Credentials are redacted by name, two levels deep.
 * @param name the process, such as `catalog`
 * @param level as pino's; `silent` writes nothing
 * @param destination where to; standard output unless told otherwise
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const paths = secrets.flatMap((secret) => [`["${secret}"]`, `*["${secret}"]`, `*.*["${secret}"]`]);
  return pino(
    { name, level, redact: { paths, censor: '[redacted]' }, base: { name } },
    destination as DestinationStream,
  );
}
