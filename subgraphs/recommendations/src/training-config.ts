import { postgresUrl } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';
import { archiveConfig } from './archive-config.ts';

/** The environment of trainings. */
export const trainingConfig = {
  /** PostgreSQL, of the recommendations process. */
  DATABASE_URL_RECOMMENDATIONS: postgresUrl,
  /** What a training puts down on its way; it goes on from there. */
  TRAINING_FOLDER: z.string().min(1),
  TRAINING_ENGINE: z.enum(['embedded', 'spark']).default('embedded'),
  /** What its computations may take in memory, in MiB. */
  TRAINING_MEMORY_MIB: z.coerce.number().int().min(64).max(65_536).default(1_024),
  /** The program, for the engine `spark`: `/opt/spark/bin/spark-submit`. */
  SPARK_SUBMIT: z.string().min(1).optional(),
  /** `local[*]`, or `spark://host:7077`. */
  SPARK_MASTER: z.string().min(1).default('local[*]'),
  SPARK_DRIVER_MEMORY: z
    .string()
    .regex(/^\d+[mg]$/)
    .default('2g'),
  /** More options of spark-submit, with spaces between them: `--executor-memory 8g --conf spark.cores.max=64`. */
  SPARK_SUBMIT_OPTIONS: z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean)),
  ...archiveConfig,
  /** Where those who answer hear at once that another model serves; without one they find it within half a minute. */
  ...eventLogConfig,
};
