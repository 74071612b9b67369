import { type EdgeAnswers, watchEdgeAnswers } from './edge-answers.ts';
import { type FoundFailure, findFailure, type Probe, probeUrl } from './find-failure.ts';
import { Listening, type Moment } from './listening.ts';
import type { PlaybackMeasurement } from './measurement.ts';
import { randomUuid } from './uuid.ts';

export interface MeasuringOptions {
  /** Of the grant whose URL the element plays. */
  readonly playbackToken: string;
  /**
   * When somebody clicked, as `performance.now()` showed it: before the grant was asked for. Left out: when the element is told to play
   * (its first `play` event), which suits an element with controls of its own.
   */
  readonly clickedAtMs?: number;
  /** Told once, when it is over; never when nobody clicked. */
  readonly report: (measurement: PlaybackMeasurement) => void;
  /** A pause as long as this ends the measurement, because nobody may come back. Default 30,000. */
  readonly endAfterPauseMs?: number;
}

export interface MeasuredPlayback {
  /** As it stands now; null before the click. */
  measurement(): PlaybackMeasurement | null;
  /** What `audio.play()` was rejected with. Without it a start that the browser does not allow is one that was abandoned. */
  refused(error: unknown): void;
  /** Nobody listens any more. */
  stop(): void;
}

/** What it needs of a browser. */
export interface MeasuringBrowser {
  /** Where `pagehide` happens. */
  readonly page: EventTarget;
  readonly watchAnswers: (url: string) => EdgeAnswers;
  readonly probe: (url: string) => Promise<Probe>;
}

// HTMLMediaElement.HAVE_FUTURE_DATA: from here on `playing` has happened, or is about to.
const haveFutureData = 3;
const longestClickToSoundMs = 600_000;
const longestPlayMs = 86_400_000;
/** How often an element is looked at that may sound any moment; until it does. */
const lookEveryMs = 10;
/** The browser tells of a request a little after it is over. */
const lastAnswersMs = 250;

/**
 * Watches one play of an `<audio>` element, from the click until it is over: the track ended or failed, the element got another `src`, the page
 * was left, it was paused for long, or `stop` was called. What is measured how is said in the README. Costs nothing while it plays but four
 * looks a second.
 * @param audio with its `src` set, and `crossorigin="anonymous"` where bytes and cache are to be known
 * @throws Error when it has no `src`
 */
export function measurePlayback(
  audio: HTMLAudioElement,
  { playbackToken, clickedAtMs, report, endAfterPauseMs = 30_000 }: MeasuringOptions,
  browser: MeasuringBrowser = { page: globalThis, watchAnswers: watchEdgeAnswers, probe: probeUrl },
): MeasuredPlayback {
  const url = audio.src;
  if (!url) throw new Error('measurePlayback: expected an element with its src set, got one without');
  const id = randomUuid();
  const listening = new Listening();
  const answers = browser.watchAnswers(url);
  let startedAt = '';
  let failed: FoundFailure | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let pausing: ReturnType<typeof setTimeout> | undefined;
  let reporting: ReturnType<typeof setTimeout> | undefined;
  let finished = false;

  const now = (): Moment => ({
    atMs: performance.now(),
    positionMs: audio.currentTime * 1_000,
    // 0 is a way to pause, too.
    rate: audio.playbackRate || 1,
  });

  function click(moment: Moment): void {
    if (listening.phase === 'idle')
      startedAt = new Date(Date.now() - (performance.now() - moment.atMs)).toISOString();
    listening.played(moment);
  }

  function look(): void {
    clearTimeout(looking);
    listening.seen(now());
    const mayBegin = listening.awaitsSound && !audio.paused && audio.readyState >= haveFutureData;
    if (mayBegin) looking = setTimeout(look, lookEveryMs);
  }

  /** @param left the page is: there is no later */
  function over(left = false): void {
    clearTimeout(looking);
    clearTimeout(pausing);
    listening.stopped(now());
    stopWatching();
    if (left) finish();
    else reporting ??= setTimeout(finish, lastAnswersMs);
  }

  function finish(): void {
    clearTimeout(reporting);
    if (finished) return;
    finished = true;
    browser.page.removeEventListener('pagehide', leave);
    answers.stop();
    const result = measurement();
    if (result) report(result);
  }

  const leave = () => over(true);

  async function fail(): Promise<void> {
    if (listening.phase === 'idle') return over();
    listening.stopped(now());
    if (listening.clickToSoundMs === null) {
      // For the case that the page is left before more is known.
      failed = { failure: 'OTHER', httpStatus: null };
      const element = { code: audio.error?.code ?? 0, arrived: answers.arrived };
      const canPlayType = (type: string) => audio.canPlayType(type);
      failed = await findFailure({ ...element, canPlayType }, () => browser.probe(url));
    }
    over();
  }

  function measurement(): PlaybackMeasurement | null {
    if (!startedAt) return null;
    const sound = listening.clickToSoundMs;
    return {
      ...{ id, playbackToken, startedAt },
      outcome: sound !== null ? 'STARTED' : failed ? 'FAILED' : 'ABANDONED',
      failure: failed?.failure ?? null,
      httpStatus: failed?.httpStatus ?? null,
      clickToSoundMs: sound === null || sound > longestClickToSoundMs ? null : Math.round(sound),
      msPlayed: Math.min(Math.round(listening.heardMs), longestPlayMs),
      stalls: listening.stalls,
      bytes: answers.bytes,
      edgeHits: answers.hits,
      edgeMisses: answers.misses,
    };
  }

  const handlers: Readonly<Record<string, () => void>> = {
    play() {
      clearTimeout(pausing);
      click(now());
    },
    playing: look,
    timeupdate: () => listening.seen(now()),
    ratechange: () => listening.seen(now()),
    waiting: () => listening.starved(now()),
    seeking: () => listening.sought(now()),
    seeked: () => listening.sought(now()),
    pause() {
      listening.paused(now());
      clearTimeout(pausing);
      if (startedAt) pausing = setTimeout(over, endAfterPauseMs);
    },
    ended() {
      listening.ended(now());
      over();
    },
    error: () => void fail(),
    emptied() {
      // The same `src` again is the same play, from its beginning; another is another play.
      if (audio.src === url) listening.sought(now());
      else over();
    },
  };
  function stopWatching(): void {
    for (const [event, handle] of Object.entries(handlers)) audio.removeEventListener(event, handle);
  }
  for (const [event, handle] of Object.entries(handlers)) audio.addEventListener(event, handle);
  browser.page.addEventListener('pagehide', leave);
  if (clickedAtMs !== undefined) {
    click({ ...now(), atMs: clickedAtMs });
    look();
  }

  return {
    measurement,
    refused(error) {
      if (
        (error as { name?: unknown } | null)?.name !== 'NotAllowedError' ||
        listening.clickToSoundMs !== null
      )
        return;
      failed = { failure: 'NOT_ALLOWED', httpStatus: null };
      over();
    },
    stop: () => over(),
  };
}
