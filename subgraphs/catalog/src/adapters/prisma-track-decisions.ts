import type { TrackValues } from '../domain/catalog-writer.ts';
import { licensedMarkets, normaliseWindows } from '../domain/licence-windows.ts';
import type { Track } from '../domain/model.ts';
import type { TrackDecisions } from '../domain/track-decisions.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { type FakeClock, readClock } from './licence-clock.ts';
import { readWindows, replaceWindows } from './licence-rows.ts';
import { type DecidedValues, writeDecisions } from './writer-decisions.ts';
import { readRows } from './writer-io.ts';
import { trackTable, type WriterRow } from './writer-rows.ts';
import type { WriteAlone } from './writer-transaction.ts';

export function createPrismaTrackDecisions(writeAlone: WriteAlone, clock?: FakeClock): TrackDecisions {
  const decide = (
    id: string,
    decision: (
      row: WriterRow<TrackValues>,
      transaction: Prisma.TransactionClient,
    ) => DecidedValues | Promise<DecidedValues>,
  ): Promise<Track | null> =>
    writeAlone(async (transaction) => {
      const row = (await readRows(transaction, trackTable, [id])).get(id);
      if (!row) return null;
      const values = await decision(row, transaction);
      const [after = row] = await writeDecisions(transaction, [row], () => values);
      return toTrack(after);
    });

  return {
    updateTrack: (id, { title, explicit, isrc }) => decide(id, () => ({ title, explicit, isrc })),
    withdrawTrack: (id, at) =>
      decide(id, ({ values }) => ({ withdrawnAt: values.withdrawnAt ?? at.toISOString() })),
    reinstateTrack: (id) =>
      decide(id, ({ values }) => (values.withdrawnAt === null ? {} : { withdrawnAt: null })),
    setMarkets: (id, markets) =>
      decide(id, async (_, transaction) => {
        await replaceWindows(transaction, id, []);
        return { availableMarkets: [...new Set(markets)].sort() };
      }),
    setLicenceWindows: (id, windows) =>
      decide(id, async (_, transaction) => {
        const normal = normaliseWindows(windows);
        const same = JSON.stringify(await readWindows(transaction, id)) === JSON.stringify(normal);
        if (!same) await replaceWindows(transaction, id, normal);
        // The schedule does not look again at what it has applied, so this must not be behind it.
        const { now, appliedUntil } = await readClock(transaction, clock);
        return {
          availableMarkets: licensedMarkets(normal, Math.max(now.getTime(), appliedUntil.getTime())),
        };
      }),
  };
}

const toTrack = ({ id, values }: WriterRow<TrackValues>): Track => ({
  id,
  title: values.title,
  albumId: values.albumId,
  durationMs: values.durationMs,
  explicit: values.explicit,
  isrc: values.isrc,
  discNumber: values.discNumber,
  trackNumber: values.trackNumber,
  popularity: values.popularity,
  availableMarkets: values.availableMarkets,
});
