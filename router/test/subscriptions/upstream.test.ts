import { MedleyError } from '@medley/errors';
import type { LinkEvent, LinkSubscription } from '@medley/subgraph-link';
import { describe, expect, it } from 'vitest';
import { openUpstream, type UpstreamOptions } from '../../src/subscriptions/upstream.ts';

const at = (cursor: string): LinkEvent => ({ body: `{"data":"${cursor}"}`, cursor, replaces: false });
const refusal = (code: string) => ({
  refusal: JSON.stringify({ errors: [{ message: code, extensions: { code } }] }),
});
const away = new MedleyError('UPSTREAM_UNAVAILABLE', 'away');

/** One beginning after the other: events and then a break, an end, or what it is refused with. */
type Beginning = readonly (LinkEvent | 'break' | { lastsMs: number })[] | { refusal: string } | Error;

function follow(beginnings: readonly Beginning[], options: Partial<UpstreamOptions> = {}) {
  const asked: (string | undefined)[] = [];
  const pauses: number[] = [];
  const links: string[] = [];
  let nowMs = 0;
  const opening = openUpstream({
    async begin(after): Promise<LinkSubscription> {
      const beginning = beginnings[Math.min(asked.length, beginnings.length - 1)];
      asked.push(after);
      if (!beginning || beginning instanceof Error) throw beginning ?? away;
      if ('refusal' in beginning) return beginning;
      return {
        events: (async function* () {
          for (const step of beginning) {
            if (step === 'break') throw away;
            if ('lastsMs' in step) nowMs += step.lastsMs;
            else yield step;
          }
        })(),
      };
    },
    after: undefined,
    signal: new AbortController().signal,
    onLink: (state) => links.push(state),
    onMalformed: () => links.push('malformed'),
    reconnectMs: 60_000,
    clock: () => nowMs,
    async pause(ms) {
      pauses.push(ms);
      nowMs += ms;
    },
    random: () => 0,
    ...options,
  });
  async function run() {
    const opened = await opening;
    if ('refused' in opened) return { refused: opened.refused.map(({ extensions }) => extensions?.code) };
    const cursors: string[] = [];
    for (;;) {
      const { value, done } = await opened.events.next();
      if (done) return { cursors, codes: value.map(({ extensions }) => extensions?.code) };
      cursors.push(value.cursor);
    }
  }
  return { run, asked, pauses, links };
}

describe('a stream of a subgraph', () => {
  it('is begun again after the last event when its link breaks', async () => {
    const { run, asked, pauses, links } = follow([[at('a'), at('b'), 'break'], ['break'], [at('c')]]);
    expect(await run()).toEqual({ cursors: ['a', 'b', 'c'], codes: [] });
    expect(asked).toEqual([undefined, 'b', 'b']);
    expect(pauses).toEqual([100, 200]);
    expect(links).toEqual(['disconnected', 'reconnected', 'disconnected', 'reconnected']);
  });

  it('is begun again where the client wanted it when nothing came of it', async () => {
    const { run, asked } = follow([['break'], [at('b')]], { after: 'a' });
    expect(await run()).toEqual({ cursors: ['b'], codes: [] });
    expect(asked).toEqual(['a', 'a']);
  });

  it('is given up after a minute, with ever longer pauses, up to five seconds', async () => {
    const { run, pauses } = follow([['break'], away]);
    expect(await run()).toEqual({ cursors: [], codes: ['UPSTREAM_UNAVAILABLE'] });
    expect(pauses.slice(0, 7)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000]);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(65_001);
  });

  it('pauses up to half as long, by chance', async () => {
    const { run, pauses } = follow([['break'], [at('a')]], { random: () => 1 });
    await run();
    expect(pauses).toEqual([50]);
  });

  it('is mended again and again when it holds in between, though it has nothing to tell', async () => {
    const quiet: Beginning = [{ lastsMs: 600_000 }, 'break'];
    const { run, pauses } = follow([quiet, quiet, quiet, [at('a')]]);
    expect(await run()).toEqual({ cursors: ['a'], codes: [] });
    expect(pauses).toEqual([100, 100, 100]);
  });

  it('is begun again before an event that cannot be read', async () => {
    const garbage: LinkEvent = { body: '<html>', cursor: 'b', replaces: false };
    const { run, asked, links } = follow([[at('a'), garbage], [at('b')]]);
    expect(await run()).toEqual({ cursors: ['a', 'b'], codes: [] });
    expect(asked).toEqual([undefined, 'a']);
    expect(links).toEqual(['malformed', 'disconnected', 'reconnected']);
  });

  it('waits for a subgraph that has come back and lacks its database yet', async () => {
    const { run } = follow([[at('a'), 'break'], refusal('INTERNAL'), [at('b')]]);
    expect(await run()).toEqual({ cursors: ['a', 'b'], codes: [] });
  });

  it('ends with what it is refused with when it is begun again', async () => {
    const { run } = follow([[at('a'), 'break'], refusal('NOT_FOUND')]);
    expect(await run()).toEqual({ cursors: ['a'], codes: ['NOT_FOUND'] });
  });

  it('ends with what the subgraph ends it with', async () => {
    const last = { body: refusal('NOT_FOUND').refusal, replaces: false };
    expect(await follow([[at('a'), last]]).run()).toEqual({ cursors: ['a'], codes: ['NOT_FOUND'] });
  });

  it('is refused at the beginning by whatever the subgraph says', async () => {
    expect(await follow([refusal('INTERNAL')]).run()).toEqual({ refused: ['INTERNAL'] });
    await expect(follow([away]).run()).rejects.toBe(away);
  });

  it('ends in silence when nobody wants it any more', async () => {
    const left = new AbortController();
    const { run, asked } = follow([[at('a'), 'break']], {
      signal: left.signal,
      pause: async () => left.abort(),
    });
    expect(await run()).toEqual({ cursors: ['a'], codes: [] });
    expect(asked).toHaveLength(1);
  });
});
