/**
 * Whether an error tells of something that passes by itself, such as a server that restarts: the same again, later, may well succeed. It
 * looks at the error and at what caused it: errors of the network, of `undici`, PostgreSQL (also by Prisma), Redis, and of the log.
 */
export function isTransientError(error: unknown): boolean {
  return chainOf(error).some(
    (link) =>
      link.transient === true ||
      transientNames.has(String(link.name)) ||
      transientKinds.has(String(link.kind)) ||
      [link.code, link.originalCode].some((code) => typeof code === 'string' && isTransientCode(code)) ||
      [link.status, link.statusCode].some(
        (status) => typeof status === 'number' && isTransientStatus(status),
      ) ||
      (typeof link.message === 'string' && transientMessage.test(link.message)),
  );
}

const isTransientCode = (code: string) => transientCodes.has(code) || sqlState.test(code);
const isTransientStatus = (status: number) => status === 429 || (status >= 500 && status <= 599);

// https://www.postgresql.org/docs/current/errcodes-appendix.html
// 08 connection, 28 and 3D a password or database that is being changed, 53 insufficient resources, 57P0x shutdown and start, 40001 and
// 40P01 conflicts of transactions, 25006 read-only: the primary has become a standby, 55P03 a lock that was not to be had.
const sqlState = /^(?:08\w{3}|28\w{3}|3D000|53\w{3}|57P0\w|40001|40P01|25006|55P03)$/;

const transientCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
  // Prisma: not let in, not reached, timed out, closed, no connection free, no transaction begun, conflict of transactions.
  // https://www.prisma.io/docs/orm/reference/error-reference
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1017', 'P2024', 'P2028', 'P2034'],
]);

// The same, as Prisma's drivers tell it beneath a raw statement, which has the code P2010 whatever happened.
const transientKinds = new Set([
  ...['AuthenticationFailed', 'DatabaseAccessDenied', 'DatabaseDoesNotExist', 'DatabaseNotReachable'],
  ...[
    'ConnectionClosed',
    'SocketTimeout',
    'TlsConnectionError',
    'TooManyConnections',
    'TransactionWriteConflict',
  ],
]);

const transientNames = new Set([
  'LogUnavailableError',
  'TimeoutError',
  'MaxRetriesPerRequestError',
  'ClusterAllFailedError',
]);

// What comes with no code: `pg` and `ioredis` when a connection ends, and Redis that loads or has another primary.
const transientMessage =
  /^(?:Connection terminated|Connection is closed|Client has encountered a connection error|timeout exceeded when trying to connect|(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN) )/;

interface Link {
  /** Errors of ours may say it themselves. */
  readonly transient?: unknown;
  readonly name?: unknown;
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
}

/** The error, what caused it, and so on. */
function chainOf(error: unknown): Link[] {
  const links: Link[] = [];
  const waiting = [error];
  while (waiting.length > 0 && links.length < 20) {
    const link = waiting.shift();
    if (typeof link !== 'object' || link === null || links.includes(link)) continue;
    links.push(link);
    const { cause, errors, meta } = link as { cause?: unknown; errors?: unknown; meta?: unknown };
    waiting.push(cause, ...(Array.isArray(errors) ? errors : []));
    // Where Prisma keeps the error of the driver.
    if (typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta)
      waiting.push(meta.driverAdapterError);
  }
  return links;
}
