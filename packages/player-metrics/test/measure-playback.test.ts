import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Probe } from '../src/find-failure.ts';
import { type MeasuringOptions, measurePlayback } from '../src/measure-playback.ts';
import type { PlaybackMeasurement } from '../src/measurement.ts';
import { FakeAudio } from './fake-audio.ts';

const clickedAt = '2026-11-23T12:00:00.000Z';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(clickedAt) });
});
afterEach(() => {
  vi.useRealTimers();
});

function measure(options: Partial<MeasuringOptions> = {}, probed: Probe = 'unreachable') {
  const audio = new FakeAudio();
  const page = new EventTarget();
  const reports: PlaybackMeasurement[] = [];
  const answers = { hits: 3, misses: 1, bytes: 2_000_000, arrived: false, stop: vi.fn() };
  const probe = vi.fn(async () => probed);
  const measured = measurePlayback(
    audio as unknown as HTMLAudioElement,
    { playbackToken: 'v1.facts.signature', report: (measurement) => reports.push(measurement), ...options },
    { page, watchAnswers: () => answers, probe },
  );
  return { audio, page, reports, answers, probe, measured };
}

/** Lets time go by while the element plays, looking as a browser does. */
function play(audio: FakeAudio, ms: number): void {
  for (let left = ms; left > 0; left -= 250) {
    const step = Math.min(250, left);
    vi.advanceTimersByTime(step);
    audio.currentTime += (step / 1_000) * audio.playbackRate;
    audio.tell('timeupdate');
  }
}

/** Click, 180 ms of silence, sound. */
function start(audio: FakeAudio): void {
  audio.tell('play', { paused: false });
  audio.tell('waiting');
  vi.advanceTimersByTime(180);
  audio.tell('playing', { readyState: 4 });
}

describe('a measurement', () => {
  it('tells a play from the click to the end of the track', () => {
    const { audio, reports, answers } = measure();
    start(audio);
    play(audio, 10_000);
    audio.tell('waiting', { readyState: 2 });
    vi.advanceTimersByTime(1_500);
    audio.tell('playing', { readyState: 4 });
    play(audio, 2_000);
    audio.tell('pause', { paused: true });
    audio.tell('ended');
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(reports).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        playbackToken: 'v1.facts.signature',
        startedAt: clickedAt,
        outcome: 'STARTED',
        failure: null,
        httpStatus: null,
        clickToSoundMs: 180,
        msPlayed: 12_000,
        stalls: [{ atMs: 10_000, lengthMs: 1_500 }],
        bytes: 2_000_000,
        edgeHits: 3,
        edgeMisses: 1,
      },
    ]);
    expect(answers.stop).toHaveBeenCalled();
  });

  it('counts from the click that a player tells, which had to ask for a grant first', () => {
    const clickedAtMs = performance.now();
    vi.advanceTimersByTime(120);
    const { audio, measured } = measure({ clickedAtMs });
    start(audio);
    play(audio, 250);
    expect(measured.measurement()).toMatchObject({ startedAt: clickedAt, clickToSoundMs: 300 });
  });

  it('looks often until there is sound, so that its time is exact, and then no more', () => {
    const { audio, measured } = measure();
    start(audio);
    vi.advanceTimersByTime(30);
    audio.currentTime = 0.06;
    vi.advanceTimersByTime(30);
    expect(measured.measurement()?.outcome).toBe('STARTED');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told once, whatever happens later', () => {
    const { audio, page, reports, measured } = measure();
    start(audio);
    play(audio, 1_000);
    audio.tell('ended');
    audio.tell('play');
    play(audio, 1_000);
    measured.stop();
    page.dispatchEvent(new Event('pagehide'));
    vi.advanceTimersByTime(60_000);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.msPlayed).toBe(1_000);
  });

  it('is none where nobody clicked', () => {
    const { audio, page, reports, measured } = measure();
    audio.tell('loadedmetadata');
    measured.stop();
    page.dispatchEvent(new Event('pagehide'));
    vi.advanceTimersByTime(60_000);
    expect(measured.measurement()).toBeNull();
    expect(reports).toEqual([]);
  });

  it('wants to know what it measures', () => {
    const audio = new FakeAudio();
    audio.src = '';
    const options = { playbackToken: 't', report: () => {} };
    expect(() => measurePlayback(audio as unknown as HTMLAudioElement, options)).toThrow(/its src set/);
  });

  it('keeps within what is taken', () => {
    const { audio, measured } = measure();
    audio.tell('play', { paused: false });
    vi.advanceTimersByTime(700_000);
    audio.tell('playing', { readyState: 4 });
    play(audio, 1_000);
    expect(measured.measurement()).toMatchObject({
      outcome: 'STARTED',
      clickToSoundMs: null,
      msPlayed: 1_000,
    });
  });
});

describe('a play is over', () => {
  it('at once when the page is left, for there is no later', () => {
    const { audio, page, reports } = measure();
    start(audio);
    play(audio, 5_000);
    page.dispatchEvent(new Event('pagehide'));
    expect(reports).toMatchObject([{ outcome: 'STARTED', msPlayed: 5_000 }]);
  });

  it('when the element plays something else', () => {
    const { audio, reports } = measure();
    start(audio);
    play(audio, 5_000);
    audio.tell('emptied', { src: 'https://edge.example/another', currentTime: 0 });
    vi.advanceTimersByTime(1_000);
    expect(reports).toMatchObject([{ outcome: 'STARTED', msPlayed: 5_000 }]);
  });

  it('but not when the element loads the same anew', () => {
    const { audio, reports, measured } = measure();
    start(audio);
    play(audio, 5_000);
    audio.tell('emptied', { currentTime: 0, readyState: 0 });
    audio.tell('playing', { readyState: 4 });
    play(audio, 1_000);
    vi.advanceTimersByTime(1_000);
    expect(reports).toEqual([]);
    expect(measured.measurement()).toMatchObject({ msPlayed: 6_000, stalls: [] });
  });

  it('when it was paused for long, and not when it goes on before', () => {
    const { audio, reports } = measure();
    start(audio);
    play(audio, 5_000);
    audio.tell('pause', { paused: true });
    vi.advanceTimersByTime(29_000);
    audio.tell('play', { paused: false });
    audio.tell('playing');
    play(audio, 5_000);
    audio.tell('pause', { paused: true });
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(30_250);
    expect(reports).toMatchObject([{ msPlayed: 10_000, stalls: [] }]);
  });

  it('when the listener left before there was sound', () => {
    const { audio, reports, measured } = measure();
    audio.tell('play', { paused: false });
    vi.advanceTimersByTime(8_000);
    measured.stop();
    vi.advanceTimersByTime(1_000);
    expect(reports).toMatchObject([{ outcome: 'ABANDONED', clickToSoundMs: null, msPlayed: 0 }]);
  });
});

describe('a start fails', () => {
  it('with what the edge says', async () => {
    const { audio, reports } = measure({}, { status: 410, contentType: 'text/plain' });
    audio.tell('play', { paused: false });
    audio.tell('error', { error: { code: 4 } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reports).toMatchObject([
      { outcome: 'FAILED', failure: 'HTTP', httpStatus: 410, clickToSoundMs: null },
    ]);
  });

  it('where the page is left before more is known', async () => {
    const { audio, page, reports } = measure({}, 'unreachable');
    audio.tell('play', { paused: false });
    audio.tell('error', { error: { code: 2 } });
    page.dispatchEvent(new Event('pagehide'));
    expect(reports).toMatchObject([{ outcome: 'FAILED', failure: 'OTHER' }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reports).toHaveLength(1);
  });

  it('where the browser wants a gesture', () => {
    const { audio, reports, measured } = measure();
    audio.tell('play', { paused: false });
    measured.refused(new DOMException('play() failed', 'NotAllowedError'));
    vi.advanceTimersByTime(1_000);
    expect(reports).toMatchObject([{ outcome: 'FAILED', failure: 'NOT_ALLOWED' }]);
  });

  it('not by a play() that a pause interrupted', () => {
    const { audio, reports, measured } = measure();
    audio.tell('play', { paused: false });
    measured.refused(new DOMException('interrupted', 'AbortError'));
    measured.refused(undefined);
    vi.advanceTimersByTime(1_000);
    expect(reports).toEqual([]);
  });

  it('no more once there was sound: then it is the end of a play', async () => {
    const { audio, reports } = measure();
    start(audio);
    play(audio, 5_000);
    audio.tell('waiting', { readyState: 2 });
    vi.advanceTimersByTime(4_000);
    audio.tell('error', { error: { code: 2 } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reports).toMatchObject([
      { outcome: 'STARTED', failure: null, msPlayed: 5_000, stalls: [{ atMs: 5_000, lengthMs: 4_000 }] },
    ]);
  });

  it('only after a click', async () => {
    const { audio, reports, probe } = measure();
    audio.tell('error', { error: { code: 4 } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reports).toEqual([]);
    expect(probe).not.toHaveBeenCalled();
  });
});
