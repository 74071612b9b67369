import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { timedSignal } from '../src/served/timed-signal.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

describe('a timed signal', () => {
  it('is aborted in time, also when garbage is collected meanwhile', async () => {
    const waiting = aborted(timedSignal(50).signal);
    collectGarbage();
    expect(await waiting).toMatchObject({ name: 'TimeoutError' });
  });

  it('is aborted with the one that was given, for its reason', async () => {
    const outer = new AbortController();
    const { signal } = timedSignal(60_000, outer.signal);
    const waiting = aborted(signal);
    outer.abort('enough');
    expect(await waiting).toBe('enough');
    expect(timedSignal(60_000, outer.signal).signal.aborted).toBe(true);
  });

  it('stays as it is once it is released', () => {
    const outer = new AbortController();
    const timed = timedSignal(60_000, outer.signal);
    timed.release();
    outer.abort();
    expect(timed.signal.aborted).toBe(false);
  });
});
