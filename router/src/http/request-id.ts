import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** In requests, answers and logs. */
export const requestIdHeader = 'x-request-id';

/** A proxy that we trust may name the request; from others, and where the name is odd, it gets a new one. */
export function readRequestId(request: FastifyRequest): string {
  const given = request.headers[requestIdHeader];
  // Fastify lists more addresses than the peer's own only when a trusted proxy forwarded the request.
  const forwarded = (request.ips?.length ?? 0) > 1;
  return forwarded && typeof given === 'string' && wellFormed.test(given) ? given : randomUUID();
}

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/;
