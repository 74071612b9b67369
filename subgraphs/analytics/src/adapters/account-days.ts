import { type AccountDay, readAccountDay } from '../domain/account-day.ts';
import { daysAround } from '../domain/fold-plays.ts';
import type { GenerationId } from '../domain/ledger.ts';
import type { Play } from '../domain/play.ts';
import type { Transaction } from './prisma-client.ts';

/** What accounts played, around the times of some plays. */
export interface AccountDays {
  /** @param day `2026-05-01`, one before or after that of a play of the account, or the same */
  readonly find: (userId: string, day: string) => AccountDay;
  /** Stores what was appended to any of them. */
  readonly save: () => Promise<void>;
}

/** Reads what can speak against plays. */
export async function readAccountDays(
  tx: Transaction,
  generation: GenerationId,
  plays: readonly Play[],
): Promise<AccountDays> {
  const days = new Map<string, { readonly userId: string; readonly day: string; account?: AccountDay }>();
  for (const { userId, playedAt } of plays)
    for (const day of daysAround(playedAt)) days.set(`${userId} ${day}`, { userId, day });
  const wanted = [...days.values()];
  // As base64: drivers read bytes digit by digit.
  const rows = await tx.$queryRaw<{ userId: string; day: string; plays: string }[]>`
    SELECT user_id::text AS "userId", day::text AS day, encode(plays, 'base64') AS plays
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS wanted("userId" uuid, day date)
    JOIN analytics.account_days AS known USING (day)
    WHERE known.user_id = wanted."userId" AND generation = ${generation}::smallint`;
  const read = (day: string, packed: Uint8Array) => readAccountDay(Date.parse(day), packed);
  for (const { userId, day, plays: packed } of rows) {
    const known = days.get(`${userId} ${day}`);
    if (known) known.account = read(day, Buffer.from(packed, 'base64'));
  }
  return {
    find(userId, day) {
      const known = days.get(`${userId} ${day}`);
      if (!known) throw new RangeError(`${day} of ${userId} was not read`);
      known.account ??= read(day, new Uint8Array());
      return known.account;
    },
    async save() {
      const appended = wanted.flatMap(({ userId, day, account }) =>
        account && account.appended.length > 0
          ? [{ user_id: userId, day, plays: Buffer.from(account.appended).toString('base64') }]
          : [],
      );
      if (appended.length === 0) return;
      // Appended, not replaced: dead letters of the account may be counted at the same time.
      await tx.$executeRaw`
        INSERT INTO analytics.account_days AS known (generation, day, user_id, plays)
        SELECT ${generation}::smallint, day, user_id, decode(plays, 'base64')
        FROM jsonb_to_recordset(${JSON.stringify(appended)}::jsonb) AS appended(day date, user_id uuid, plays text)
        ORDER BY day, user_id
        ON CONFLICT (generation, day, user_id) DO UPDATE SET plays = known.plays || excluded.plays`;
    },
  };
}
