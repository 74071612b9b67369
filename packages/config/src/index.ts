import { parseSigningKeys } from '@medley/signing-keys';
import { z } from 'zod';

/** An environment that cannot be run with; the message has one line per variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the environment is not as it must be:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    // It ends the process, and what an operator needs then is the list, not where it was read.
    this.stack = this.message;
  }
}

/**
 * Reads and checks the environment, once, in `main.ts`. Empty variables count as unset.
 * @param shape one zod type per variable
 * @throws ConfigError that names every variable that is missing or wrong, and never shows a value: it may be a secret
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = z.object(shape).safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name}: ${present[name] === undefined ? 'is required, but not set' : issue.message}`;
    }),
  );
}

/** A TCP port; 0 lets the system choose. */
export const port = (fallback: number) => {
  const error = 'must be a port, a whole number from 0 to 65535';
  return z.coerce.number({ error }).int({ error }).min(0, { error }).max(65_535, { error }).default(fallback);
};

/** The address to listen on: loopback unless told otherwise. */
export const host = z.string().default('127.0.0.1');

export const logLevel = z
  .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
  .default('info');

/** A list with commas. */
export const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

/** An `http:` or `https:` URL. */
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http: or https: URL' });

/** A PostgreSQL URL. */
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql: URL' });

/** A Redis URL, with TLS where it is `rediss:`. */
export const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis: or rediss: URL' });

/**
 * Text that a parser of ours understands.
 * @param parse throws errors whose messages show no secret
 */
export function parsedBy<Value>(parse: (text: string) => Value) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}

/** `kid:secret,kid2:secret2`: the first signs, all verify. */
export const signingKeys = parsedBy(parseSigningKeys);
