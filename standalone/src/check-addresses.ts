import { createServer, type Server } from 'node:net';
import type { StandaloneConfig } from './config.ts';

/**
 * Fails at once where the service could not listen, rather than when all else is made. Both are held for a moment at the
 * same time: they may not be one.
 * @throws Error that names the variable, what it is, and why that cannot be
 */
export async function checkAddresses(
  config: Pick<StandaloneConfig, 'HOST' | 'PORT' | 'EDGE_PORT'>,
): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const variable of ['PORT', 'EDGE_PORT'] as const) {
      servers.push(await listen(variable, config[variable], config.HOST));
    }
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(variable: string, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: `${variable}: ${port} on ${host} is taken; stop what listens there, or set ${variable} to a free port`,
        EACCES: `${variable}: ${port} needs rights that this user has not; set ${variable} to a port above 1023`,
        EADDRNOTAVAIL: `HOST: ${host} is no address of this machine; 127.0.0.1 is, and 0.0.0.0 for all of them`,
        ENOTFOUND: `HOST: ${host} is not known; it must be an address of this machine, such as 127.0.0.1`,
      };
      reject(new Error(reasons[error.code ?? ''] ?? error.message));
    });
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}
