import { createEvent, encodeEvent, playEvents, trackPlayed } from '@medley/events';
import { newUuid } from '@medley/ids';
import { Kafka, logLevel } from 'kafkajs';

/** The floor: kafkajs sends batches of ready bytes, and waits for all brokers. */
export async function createBareProducer(brokers: readonly string[]): Promise<{
  send(records: number): Promise<void>;
  close(): Promise<void>;
}> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bare', logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    idempotent: false,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const keys = Array.from({ length: 100 }, () => `user_${newUuid()}`);
  const value = aPlay();
  let turn = 0;
  return {
    async send(records) {
      turn += 1;
      const key = keys[turn % keys.length] as string;
      const messages = Array.from({ length: records }, () => ({ key, value }));
      await producer.send({ topic: playEvents.name, acks: -1, messages });
    },
    close: () => producer.disconnect(),
  };
}

function aPlay(): Buffer {
  const now = new Date();
  const event = createEvent(trackPlayed, {
    source: 'streaming',
    key: 'user_0000000000000000000000000',
    time: now,
    data: {
      userId: 'user_0000000000000000000000000',
      trackId: 'track_0000000000000000000000000',
      playedAt: now.toISOString(),
      reportedAt: now.toISOString(),
      contentHash: 'A'.repeat(22),
      msPlayed: 200_000,
      counted: true,
      notCountedReason: null,
      context: { kind: 'ALBUM', id: 'album_0000000000000000000000000' },
      decisionId: 'decision_0000000000000000000000000',
      market: 'DE',
      tier: 'PREMIUM',
      quality: 'HIGH',
      grantedAt: now.toISOString(),
      startReason: 'CLICK',
      endReason: 'TRACK_DONE',
      skipped: false,
      offline: false,
      deviceId: null,
      clickToSoundMs: 140,
      stalls: 0,
      stalledMs: 0,
    },
  });
  return encodeEvent(playEvents, event);
}
