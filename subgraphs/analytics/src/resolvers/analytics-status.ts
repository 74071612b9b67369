import { MedleyError } from '@medley/errors';
import type { Context } from '../context.ts';

export async function readAnalyticsStatus(_given: object, { generations, followed }: Context) {
  const [{ current, building }, topics] = await Promise.all([generations.find(), followed.readLag()]);
  if (!current) throw new MedleyError('UPSTREAM_UNAVAILABLE', 'Counting has not begun yet.');
  return {
    topics: [...topics],
    countedSince: current.startedAt,
    rebuild: building && { startedAt: building.startedAt },
  };
}
