import { describe, expect, it } from 'vitest';
import { Lateness } from '../src/subscriptions/lateness.ts';
import { createMarker, nowUs, readMarker } from '../src/subscriptions/marker.ts';
import { measureBareServer } from '../src/subscriptions/measured-servers.ts';
import { explainTooFewFiles } from '../src/subscriptions/open-files.ts';
import { startFromSource } from '../src/subscriptions/processes.ts';

describe('a crowd of listeners', () => {
  const message = (field: string) =>
    JSON.stringify({ id: '1', type: 'next', payload: { data: { [field]: { name: createMarker(0) } } } });

  it('is told each change, and counts what came', { timeout: 30_000 }, async () => {
    const crowd = { playlist: 40, own: 4, slowOneIn: 10, processes: 2 };
    const phases = [
      { name: 'both', seconds: 1, playlistPerSecond: 5, ownPerSecond: 8 },
      { name: 'nothing', seconds: 0, playlistPerSecond: 0, ownPerSecond: 0 },
    ];
    const samples = { playlist: message('playlistChanged'), own: message('playbackStateChanged') };
    const { phases: measured, endings } = await measureBareServer(
      { crowd, phases, start: startFromSource },
      samples,
    );
    const [both, nothing] = measured;
    // Of 44 listeners, every tenth is slow: one of his own things, four of the playlist.
    expect(both?.lateness.playlist.count).toBe(36 * 5);
    expect(both?.lateness.own.count).toBe(3 * 2);
    expect(both?.delivered).toBe(36 * 5 + 3 * 2);
    expect(both?.behind).toBe(0);
    expect(nothing?.delivered).toBe(0);
    expect(endings).toEqual({ fast: { open: 39 }, sluggish: { open: 2 }, stuck: { open: 3 } });
  });
});

describe('what the bench reads', () => {
  it('finds when a message was told, and its number', () => {
    const before = nowUs();
    const marker = readMarker(Buffer.from(`{"name":"${createMarker(42)}","more":"@"}`));
    expect(marker?.sequence).toBe(42);
    expect(marker?.toldAtUs).toBeGreaterThanOrEqual(before);
    expect(marker?.toldAtUs).toBeLessThanOrEqual(nowUs());
    expect(readMarker(Buffer.from('{"type":"ping"}'))).toBeUndefined();
  });

  it('tells percentiles within one percent, also of what several processes noted', () => {
    const [odd, even] = [new Lateness(), new Lateness()];
    for (let ms = 1; ms <= 1_000; ms += 1) (ms % 2 ? odd : even).note(ms * 1_000);
    const all = odd.plus(new Lateness(even.toJSON()));
    expect(all.count).toBe(1_000);
    expect(all.percentileMs(50) / 500).toBeCloseTo(1, 1.7);
    expect(all.percentileMs(99) / 990).toBeCloseTo(1, 1.7);
    expect(new Lateness().percentileMs(50)).toBeNaN();
  });

  it('says how many files it needs open, and what would go', () => {
    expect(explainTooFewFiles(20_000, 11_000, 1_000)).toBeUndefined();
    expect(explainTooFewFiles(1_024, 11_000, 1_000)).toContain('-- --subscribers 520');
  });
});
