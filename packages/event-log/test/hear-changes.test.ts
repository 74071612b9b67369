import { afterEach, describe, expect, it } from 'vitest';
import { type ChangesHeard, hearChanges } from '../src/index.ts';

type TailOptions = Parameters<ChangesHeard['tail']>[0];

describe('hearing of changes', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function start() {
    const tails: TailOptions[] = [];
    const told: string[] = [];
    const log = {
      away: false,
      async tail(options: TailOptions) {
        if (log.away) throw new Error('no log');
        tails.push(options);
        return { stop: async () => void told.push('stopped') };
      },
    };
    const hearing = hearChanges({
      log,
      topic: 'catalog.changed.v1',
      hear: (keys) => void told.push(...keys),
      onLost: (error) => told.push((error as Error).message),
      retryMs: 5,
    });
    stops.push(hearing.stop);
    return { log, tails, told, hearing };
  }

  it('tells the keys of what is appended from now on, and stops', async () => {
    const { tails, told, hearing } = start();
    expect(tails[0]).toMatchObject({ topic: 'catalog.changed.v1', from: 'end' });
    tails[0]?.handle([{ key: 'track_1' }, { key: 'track_2' }]);
    tails[0]?.handle([{ key: 'track_1' }]);
    await hearing.stop();
    expect(told).toEqual(['track_1', 'track_2', 'track_1', 'stopped']);
  });

  it('listens again when the log ends it, and when the log is back', async () => {
    const { log, tails, told } = start();
    log.away = true;
    tails[0]?.onCrash(new Error('crashed'));
    await expect.poll(() => told.slice(0, 2)).toEqual(['crashed', 'no log']);
    log.away = false;
    await expect.poll(() => tails.length).toBe(2);
    tails[1]?.handle([{ key: 'track_1' }]);
    expect(told.at(-1)).toBe('track_1');
  });
});
