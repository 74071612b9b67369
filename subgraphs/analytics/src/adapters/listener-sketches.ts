import type { ListenersOfDay } from '../domain/fold-plays.ts';
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
  const changing = listeners.filter((own) => !stored.has(keyOf(own)) || add(own, stored).isChanged);
  if (changing.length === 0) return;
  const locked = await lock(tx, generation, changing);
  const merged = changing.map((own) => ({
    scope: own.scope,
    day: own.day,
    sketch: Buffer.from(add(own, locked).sketch.toBytes()).toString('base64'),
  }));
  await tx.$executeRaw`
    UPDATE analytics.listener_sketches AS known SET sketch = decode(merged.sketch, 'base64')
    FROM jsonb_to_recordset(${JSON.stringify(merged)}::jsonb) AS merged(scope text, day date, sketch text)
    WHERE known.generation = ${generation}::smallint AND known.scope = merged.scope AND known.day = merged.day`;
}

type Stored = ReadonlyMap<string, Uint8Array>;

const keyOf = ({ scope, day }: { readonly scope: string; readonly day: string }) => `${scope} ${day}`;
const namesOf = (listeners: readonly ListenersOfDay[]) =>
  JSON.stringify(listeners.map(({ scope, day }) => ({ scope, day })));
// As base64: drivers read bytes digit by digit.
const byKey = (rows: readonly { scope: string; day: string; sketch: string }[]): Stored =>
  new Map(rows.map((row) => [keyOf(row), Buffer.from(row.sketch, 'base64')]));

async function read(tx: Transaction, generation: GenerationId, listeners: readonly ListenersOfDay[]) {
  return byKey(
    await tx.$queryRaw`
    SELECT scope, day::text AS day, encode(sketch, 'base64') AS sketch
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
    RETURNING scope, day::text AS day, encode(sketch, 'base64') AS sketch`,
  );
}

function add(own: ListenersOfDay, stored: Stored) {
  const sketch = createListenerSketch();
  const known = stored.get(keyOf(own));
  if (known && known.length > 0) sketch.merge(known);
  let isChanged = false;
  for (const hash of own.hashes) isChanged = sketch.add(hash) || isChanged;
  return { sketch, isChanged };
}
