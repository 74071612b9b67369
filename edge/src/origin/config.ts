import { host, logLevel, port } from '@medley/config';
import { z } from 'zod';

/** The environment of the origin; README.md says what each variable means. */
export const originConfig = {
  PORT: port(4200),
  HOST: host,
  ORIGIN_SECRET: z.string().min(16),
  DATA_DIR: z.string().default('.medley'),
  ORIGIN_PREPARE: z.coerce.number().int().min(0).max(12).default(2),
  LOG_LEVEL: logLevel,
};
