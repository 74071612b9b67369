import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isTransientError, LogUnavailableError, RecordTooLargeError } from '../../src/index.ts';

const withFields = (fields: object, message = 'it failed') => Object.assign(new Error(message), fields);

describe('what passes by itself', () => {
  it.each<[string, unknown]>([
    ['a connection that is refused', withFields({ code: 'ECONNREFUSED' })],
    ['one that ends', withFields({ code: 'ECONNRESET' })],
    ['a name that cannot be resolved now', withFields({ code: 'EAI_AGAIN' })],
    ['all addresses of a name', new AggregateError([withFields({ code: 'ECONNREFUSED' })])],
    ['a request that took too long', withFields({ code: 'UND_ERR_HEADERS_TIMEOUT' })],
    ['AbortSignal.timeout', new DOMException('too long', 'TimeoutError')],
    ['a cause of it', new Error('cannot save', { cause: withFields({ code: 'EPIPE' }) })],
    ['an answer 503', withFields({ statusCode: 503 })],
    ['an answer 429', withFields({ status: 429 })],
    ['what says so', withFields({ transient: true })],
    ['a log that is away', new LogUnavailableError('no leader')],
    ['PostgreSQL that shuts down', withFields({ code: '57P01' })],
    ['PostgreSQL that starts', withFields({ code: '57P03' })],
    ['too many connections', withFields({ code: '53300' })],
    ['a lost connection to it', withFields({ code: '08006' })],
    ['a conflict of transactions', withFields({ code: '40001' })],
    ['a deadlock', withFields({ code: '40P01' })],
    ['a primary that has become a standby', withFields({ code: '25006' })],
    ['a connection of pg that ended', new Error('Connection terminated unexpectedly')],
    ['Prisma that found no connection', withFields({ code: 'P2024' })],
    [
      'what Prisma was told by its driver',
      withFields({
        code: 'P2010',
        meta: { driverAdapterError: withFields({ cause: { originalCode: '57P01' } }) },
      }),
    ],
    [
      'a server that Prisma did not reach by a raw statement',
      withFields({
        code: 'P2010',
        meta: { driverAdapterError: withFields({ cause: { kind: 'DatabaseNotReachable' } }) },
      }),
    ],
    ['a password that is being changed', withFields({ code: '28P01' })],
    ['Redis that loads', new Error('LOADING Redis is loading the dataset in memory')],
    ['Redis that was not reached', withFields({ name: 'MaxRetriesPerRequestError' })],
  ])('is %s', (_, error) => {
    expect(isTransientError(error)).toBe(true);
  });

  it('is what a server that is not there answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    const error = await fetch(`http://127.0.0.1:${port}`).catch((failure: unknown) => failure);
    expect(isTransientError(error)).toBe(true);
  });
});

describe('what does not pass', () => {
  it.each<[string, unknown]>([
    ['a bug', new TypeError('x is undefined')],
    ['a broken constraint', withFields({ code: '23505' })],
    ['a wrong statement', withFields({ code: '42601' })],
    ['a statement that takes too long each time', withFields({ code: '57014' })],
    [
      'a broken constraint that Prisma was told of',
      withFields({
        code: 'P2010',
        meta: {
          driverAdapterError: withFields({
            cause: { originalCode: '23505', kind: 'UniqueConstraintViolation' },
          }),
        },
      }),
    ],
    ['an answer 400', withFields({ statusCode: 400 })],
    ['a record that no log takes', new RecordTooLargeError(2, 1)],
    ['a file that is not there', withFields({ code: 'ENOENT' })],
    ['no error at all', 'ECONNREFUSED'],
    ['nothing', null],
  ])('is %s', (_, error) => {
    expect(isTransientError(error)).toBe(false);
  });

  it('may be its own cause', () => {
    const error = new Error('a circle');
    error.cause = error;
    expect(isTransientError(error)).toBe(false);
  });
});
