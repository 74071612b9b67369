import { z } from 'zod';

/** An environment that cannot be run with; the message has one line per variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
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
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

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
