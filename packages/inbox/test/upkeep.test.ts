import { createLogger } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { startInboxUpkeep, takeNew } from '../src/index.ts';

const inbox = { table: 'test.claims' };

describe('the upkeep of an inbox', () => {
  it('prepares it at the start and again and again, also after a failure, which it logs', async () => {
    let prepared = 0;
    const lines: string[] = [];
    const stop = await startInboxUpkeep({
      sql: {
        async $executeRawUnsafe() {
          prepared += 1;
          if (prepared === 2) throw new Error('no connection');
          return 0;
        },
        $queryRawUnsafe: async <Rows>() => [] as Rows,
      },
      inbox,
      logger: createLogger('test', 'info', { write: (line: string) => lines.push(line) }),
      intervalMs: 5,
    });
    expect(prepared).toBe(1);
    await expect.poll(() => prepared).toBeGreaterThan(3);
    await stop();
    const atStop = prepared;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(prepared).toBe(atStop);
    expect(lines.filter((line) => line.includes('no connection'))).toHaveLength(1);
  });

  it('does not start where it cannot be prepared', async () => {
    const broken = async () => {
      throw new Error('no connection');
    };
    const sql = { $executeRawUnsafe: broken, $queryRawUnsafe: broken };
    await expect(startInboxUpkeep({ sql, inbox, logger: silentLogger })).rejects.toThrow('no connection');
  });
});

describe('taking what is new of what a consumer was handed', () => {
  const event = (id: string, time = new Date()) => ({
    event: { id, time: time.toISOString(), data: { heard: id } },
  });

  it('refuses what is too old or too far ahead, with the reason', async () => {
    const sql = {
      $executeRawUnsafe: async () => 0,
      $queryRawUnsafe: async <Rows>(_: string, rows: unknown) => JSON.parse(rows as string) as Rows,
    };
    const refused: [string, string][] = [];
    const given = [
      event('good'),
      event('old', new Date(Date.now() - 50 * 86_400_000)),
      event('ahead', new Date(Date.now() + 50 * 86_400_000)),
    ];
    const taken = await takeNew(sql, inbox, given, {
      refuse: ({ event: { id } }, reason) => refused.push([id, reason]),
      contentOf: ({ data }) => data.heard,
    });
    expect(taken).toEqual([given[0]]);
    expect(refused).toMatchObject([
      ['old', expect.stringMatching(/nobody knows any more/)],
      ['ahead', expect.stringMatching(/too far ahead/)],
    ]);
  });
});
