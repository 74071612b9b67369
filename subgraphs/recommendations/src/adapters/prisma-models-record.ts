import { z } from 'zod';
import type { ModelFigures, TrainingRecord } from '../domain/models.ts';
import type { PrismaClient } from './prisma-client.ts';

type ModelRow = NonNullable<Awaited<ReturnType<PrismaClient['model']['findFirst']>>>;

/** As they are kept: null while nothing is known. */
const figuresSchema = z
  .object({
    plays: z.number(),
    users: z.number(),
    tracks: z.number(),
    coverage: z.number().nullable(),
    recall: z.number().nullable(),
  })
  .nullable();

export const toFiguresJson = ({ playsUntil: _, ...figures }: ModelFigures) => figures;

export function toRecord({ figures: json, playsUntil, ...row }: ModelRow): TrainingRecord {
  const figures = figuresSchema.parse(json);
  const state = z.enum(['TRAINING', 'SERVING', 'RETIRED', 'REFUSED']).parse(row.state);
  return { ...row, state, figures: figures && { ...figures, playsUntil } };
}
