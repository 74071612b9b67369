import type { FastifyRequest } from 'fastify';

/**
 * Whether somebody on this machine asks, directly. The name is looked at too: a page of somebody else can point a name
 * of its own at the loopback address (DNS rebinding) and would then be of our origin. A proxy on this machine betrays
 * itself by its headers.
 */
export function isLocalRequest({ raw, headers }: FastifyRequest): boolean {
  return (
    loopbackAddress.test(raw.socket.remoteAddress ?? '') &&
    loopbackName.test(headers.host ?? '') &&
    proxyHeaders.every((name) => headers[name] === undefined)
  );
}

const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const loopbackName = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
