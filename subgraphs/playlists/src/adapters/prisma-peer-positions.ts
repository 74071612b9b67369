import { beginning } from '@medley/outbox';
import type { PeerPositions } from '../domain/peer.ts';
import type { PrismaClient } from './prisma-client.ts';

export function createPrismaPeerPositions(client: PrismaClient): PeerPositions {
  return {
    async read(url) {
      const peer = await client.peer.findUnique({ where: { url } });
      return peer?.position ?? beginning;
    },
    async write(url, position) {
      const row = { position, updatedAt: new Date() };
      await client.peer.upsert({ where: { url }, create: { url, ...row }, update: row });
    },
  };
}
