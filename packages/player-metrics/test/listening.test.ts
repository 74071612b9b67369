import { describe, expect, it } from 'vitest';
import { Listening, type Moment } from '../src/listening.ts';

/** An element in a few words: it says `atMs`, where it stands, and how fast it goes. */
const at = (atMs: number, positionMs = 0, rate = 1): Moment => ({ atMs, positionMs, rate });

/** Clicked at 1,000, sounding from 1,200 on. */
function sounding(): Listening {
  const listening = new Listening();
  listening.played(at(1_000));
  listening.seen(at(1_300, 100));
  return listening;
}

describe('the first sound', () => {
  it.each([
    ['soon after', 1_260, 60],
    ['only a second later, as in a page that is hidden', 2_200, 1_000],
  ])('is when the position began to move, seen moving %s', (_, atMs, positionMs) => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.seen(at(1_100));
    listening.seen(at(atMs, positionMs));
    expect(listening.clickToSoundMs).toBe(200);
    expect(listening.heardMs).toBe(positionMs);
  });

  it('is not the instant for which players show positions ahead of it', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.seen(at(1_100, 23));
    expect(listening.clickToSoundMs).toBeNull();
    listening.seen(at(1_187, 51));
    expect(listening.clickToSoundMs).toBe(136);
  });

  it('is reckoned from where the play begins, and by its speed', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.sought(at(1_010, 60_000));
    listening.seen(at(1_100, 60_000));
    listening.seen(at(1_300, 60_200, 2));
    expect(listening.clickToSoundMs).toBe(200);
  });

  it('does not make the listener answerable for a pause before it', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.paused(at(1_400));
    listening.played(at(61_000));
    listening.seen(at(61_200, 100));
    expect(listening.clickToSoundMs).toBe(500);
  });

  it('never comes before the click', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.seen(at(1_010, 400));
    expect(listening.clickToSoundMs).toBe(0);
  });

  it('is not there where nothing was heard', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.stopped(at(9_000));
    expect(listening.clickToSoundMs).toBeNull();
    expect(listening.heardMs).toBe(0);
    expect(listening.phase).toBe('over');
  });

  it('is that of the shortest sound, too', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.ended(at(1_140, 40));
    expect(listening.clickToSoundMs).toBe(100);
    expect(listening.heardMs).toBe(40);
  });
});

describe('stalls', () => {
  it('last from when data were wanting until the position moves again', () => {
    const listening = sounding();
    listening.starved(at(4_200, 3_000));
    listening.seen(at(6_000, 3_000));
    listening.seen(at(7_300, 3_100));
    expect(listening.stalls).toEqual([{ atMs: 3_000, lengthMs: 3_000 }]);
    expect(listening.heardMs).toBe(3_100);
  });

  it('are none before the first sound, while paused, or in seeking', () => {
    const listening = new Listening();
    listening.played(at(1_000));
    listening.starved(at(1_001));
    listening.seen(at(1_300, 100));
    listening.sought(at(2_000, 90_000));
    listening.starved(at(2_001, 90_000));
    listening.sought(at(3_000, 90_000));
    listening.seen(at(3_100, 90_100));
    listening.paused(at(4_000, 91_000));
    listening.starved(at(4_001, 91_000));
    listening.played(at(8_000, 91_000));
    listening.starved(at(8_001, 91_000));
    listening.seen(at(9_000, 91_100));
    expect(listening.stalls).toEqual([]);
  });

  it.each([
    ['pauses', (listening: Listening) => listening.paused(at(5_200, 3_000))],
    ['goes elsewhere in the track', (listening: Listening) => listening.sought(at(5_200, 90_000))],
    ['gives up', (listening: Listening) => listening.stopped(at(5_200, 3_000))],
  ])('are over when the listener %s', (_, act) => {
    const listening = sounding();
    listening.starved(at(4_200, 3_000));
    act(listening);
    listening.stopped(at(9_000, 3_000));
    expect(listening.stalls).toEqual([{ atMs: 3_000, lengthMs: 1_000 }]);
  });

  it('are none where the track was over', () => {
    const listening = sounding();
    listening.starved(at(4_200, 3_000));
    listening.ended(at(4_300, 3_000));
    expect(listening.stalls).toEqual([]);
  });

  it('are kept up to a hundred, the longest of them in their order', () => {
    const listening = sounding();
    for (let index = 0; index < 150; index += 1) {
      const began = 10_000 * (index + 1);
      const position = 1_000 * (index + 1);
      listening.starved(at(began, position));
      // Every third is short.
      const length = index % 3 === 0 ? 10 + index : 1_000 + index;
      listening.seen(at(began + length + 100, position + 100));
    }
    const lengths = listening.stalls.map(({ lengthMs }) => lengthMs);
    expect(lengths).toHaveLength(100);
    expect(Math.min(...lengths)).toBe(1_001);
    expect(listening.stalls.map(({ atMs }) => atMs)).toEqual(
      listening.stalls.map(({ atMs }) => atMs).sort((a, b) => a - b),
    );
  });
});

describe('what was heard', () => {
  it('is sound, not time: neither pauses nor what was skipped, nor a machine that slept', () => {
    const listening = sounding();
    listening.seen(at(2_200, 1_000));
    listening.paused(at(3_200, 2_000));
    listening.seen(at(3_300, 2_000));
    listening.played(at(60_000, 2_000));
    listening.seen(at(60_100, 2_100));
    listening.seen(at(60_300, 2_300));
    listening.sought(at(60_350, 120_000));
    listening.sought(at(60_400, 120_000));
    listening.seen(at(60_600, 120_100));
    // An hour in which the lid was closed.
    listening.seen(at(3_660_600, 120_300));
    listening.ended(at(3_660_700, 120_400));
    expect(listening.heardMs).toBe(2_000 + 300 + 50 + 400);
    expect(listening.stalls).toEqual([]);
  });

  it('takes half as long at double speed', () => {
    const listening = sounding();
    listening.seen(at(1_300, 100, 2));
    listening.seen(at(2_300, 2_100, 2));
    expect(listening.heardMs).toBe(1_100);
  });

  it('stays as it is once it is over', () => {
    const listening = sounding();
    listening.ended(at(2_200, 1_000));
    listening.played(at(3_000));
    listening.seen(at(4_000, 1_000));
    listening.stopped(at(5_000, 2_000));
    expect(listening.heardMs).toBe(1_000);
    expect(listening.phase).toBe('over');
  });
});
