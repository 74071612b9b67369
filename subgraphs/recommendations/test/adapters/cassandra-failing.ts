import { type Cassandra, CassandraUnavailableError } from '@medley/cassandra';

/** When a request fails: before anything was done, or when it was done and nobody heard of it. */
export type Failure = 'before' | 'after';

/**
 * A Cassandra of which one request fails, as when it goes away there, and every later one too.
 * @param nth from 1
 */
export function failFrom(cassandra: Cassandra, nth: number, failure: Failure): Cassandra {
  let requests = 0;
  const ask = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    requests += 1;
    const answer = requests < nth || (requests === nth && failure === 'after') ? await request() : undefined;
    if (requests >= nth) throw new CassandraUnavailableError('unreachable');
    return answer as Answer;
  };
  const write: Cassandra['write'] = (...given) => ask(() => cassandra.write(...given));
  return {
    ...cassandra,
    select: (...given) => ask(() => cassandra.select(...given)) as never,
    write,
    // One after another: each is a place to fail at.
    async writeAll(statements) {
      for (const { cql, parameters } of statements) await write(cql, parameters);
    },
    writeTogether: (...given) => ask(() => cassandra.writeTogether(...given)),
    writeIf: (...given) => ask(() => cassandra.writeIf(...given)) as never,
  };
}
