import type { ListenersOfDay } from '../domain/count-plays.ts';
import type { GenerationId } from '../domain/ledger.ts';
import { createListenerSketch } from '../domain/listener-sketch.ts';
import type { Transaction } from './prisma-client.ts';

/** Adds listeners to the sketches of their days. */
export async function addListeners(
  tx: Transaction,
  generation: GenerationId,
  listeners: readonly ListenersOfDay[],
): Promise<void> {
  // Most have been there that day, and a sketch never forgets: only those that change are worth a lock.
  const stored = await read(tx, generation, listeners);
  const changing = listeners.filter((own) => merge(own, stored.get(keyOf(own))).isChanged);
  if (changing.length === 0) return;
  const locked = await lock(tx, generation, changing);
  const merged = changing.map((own) => {
    const { bytes } = merge(own, locked.get(keyOf(own)));
    return { scope: own.scope, day: own.day, sketch: Buffer.from(bytes).toString('base64') };
  });
  await tx.$executeRaw`
    UPDATE analytics.listener_sketches AS known SET sketch = decode(merged.sketch, 'base64')
    FROM jsonb_to_recordset(${JSON.stringify(merged)}::jsonb) AS merged(scope text, day date, sketch text)
    WHERE known.generation = ${generation}::smallint AND known.scope = merged.scope AND known.day = merged.day`;
}

type Stored = ReadonlyMap<string, Uint8Array>;

const keyOf = ({ scope, day }: { readonly scope: string; readonly day: string }) => `${scope} ${day}`;
const namesOf = (listeners: readonly ListenersOfDay[]) =>
  JSON.stringify(listeners.map(({ scope, day }) => ({ scope, day })));
const byKey = (rows: readonly { scope: string; day: string; sketch: Uint8Array }[]): Stored =>
  new Map(rows.map((row) => [keyOf(row), row.sketch]));

async function read(tx: Transaction, generation: GenerationId, listeners: readonly ListenersOfDay[]) {
  return byKey(
    await tx.$queryRaw`
    SELECT scope, day::text AS day, sketch
    FROM jsonb_to_recordset(${namesOf(listeners)}::jsonb) AS wanted(scope text, day date)
    JOIN analytics.listener_sketches USING (scope, day)
    WHERE generation = ${generation}::smallint`,
  );
}

/** Locks sketches, in one order for all, and reads what they have become; makes those that are missing. */
async function lock(tx: Transaction, generation: GenerationId, listeners: readonly ListenersOfDay[]) {
  return byKey(
    await tx.$queryRaw`
    INSERT INTO analytics.listener_sketches AS known (generation, scope, day, sketch)
    SELECT ${generation}::smallint, scope, day, ''
    FROM jsonb_to_recordset(${namesOf(listeners)}::jsonb) AS wanted(scope text, day date)
    ORDER BY scope, day
    ON CONFLICT (generation, scope, day) DO UPDATE SET sketch = known.sketch
    RETURNING scope, day::text AS day, sketch`,
  );
}

function merge({ hashes }: ListenersOfDay, stored: Uint8Array | undefined) {
  const sketch = createListenerSketch();
  if (stored && stored.length > 0) sketch.merge(stored);
  for (const hash of hashes) sketch.add(hash);
  const bytes = sketch.toBytes();
  return { bytes, isChanged: !stored || Buffer.compare(bytes, stored) !== 0 };
}
