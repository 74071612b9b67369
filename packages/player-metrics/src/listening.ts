import type { Stall } from './measurement.ts';
import { Stalls } from './stalls.ts';

/** What an element shows at one moment. */
export interface Moment {
  /** Milliseconds of a clock that never jumps. */
  readonly atMs: number;
  /** Where in the track, in milliseconds. */
  readonly positionMs: number;
  /** Speed: 1 as it was recorded. */
  readonly rate: number;
}

/**
 * `idle`: not clicked yet; `starting`: clicked, no sound yet; `sounding`; `stalled`: silent for want of data;
 * `resuming`: silent after a pause or a seek, which is not the network's fault; `paused`; `over`.
 */
type Phase = 'idle' | 'starting' | 'sounding' | 'stalled' | 'resuming' | 'paused' | 'over';

/**
 * Players show positions ahead of the sound for an instant before it really moves; so much of it (in milliseconds of the track) is
 * no longer that instant. Chromium shows about 25.
 */
const movedMs = 50;
/** `timeupdate` comes four times a second at least; so much at most was heard since the last one. */
const betweenUpdatesMs = 300;

/**
 * What was heard of one play, and what was waited for, from what an `<audio>` element shows. Pure: it is told everything.
 *
 * The first sound is the moment at which the position began to move, reckoned back from when it was seen moving; so it does not depend on how
 * often one looks. The time that the output device takes is not in it.
 */
export class Listening {
  #phase: Phase = 'idle';
  /** When the phase began. */
  #sinceMs = 0;
  /** Where the position stood when it was last seen, and when that was. */
  #last: Moment = { atMs: 0, positionMs: 0, rate: 1 };
  /** Where the position stood when waiting for it to move began. */
  #baseMs = 0;
  /** Waited for the first sound before somebody paused, and clicked again. */
  #waitedMs = 0;
  #clickToSoundMs: number | null = null;
  #heardMs = 0;
  readonly #stalls = new Stalls();

  get phase(): Phase {
    return this.#phase;
  }

  /** From the click to the first sound, without pauses; null before it. */
  get clickToSoundMs(): number | null {
    return this.#clickToSoundMs;
  }

  get heardMs(): number {
    return this.#heardMs;
  }

  /** Those that are over. */
  get stalls(): readonly Stall[] {
    return this.#stalls.list();
  }

  /** Whether it is to be looked at often now, because it may begin to move. */
  get awaitsSound(): boolean {
    return this.#phase === 'starting' || this.#phase === 'stalled' || this.#phase === 'resuming';
  }

  /** Somebody clicked, or the player went on by itself. */
  played(moment: Moment): void {
    if (this.#phase === 'idle') this.#await('starting', moment);
    else if (this.#phase === 'paused')
      this.#await(this.#clickToSoundMs === null ? 'starting' : 'resuming', moment);
  }

  /** The position was looked at. */
  seen(moment: Moment): void {
    if (this.#phase === 'sounding') this.#hear(moment);
    else if (this.awaitsSound && moment.positionMs - this.#baseMs >= movedMs) this.#moved(moment);
    this.#last = moment;
  }

  /** The element lacks data (`waiting`). It says so before the first sound and after seeks too, where it means nothing. */
  starved(moment: Moment): void {
    if (this.#phase !== 'sounding') return;
    this.#hear(moment);
    this.#await('stalled', moment);
  }

  /** Somebody went elsewhere in the track; the position is the new one. */
  sought(moment: Moment): void {
    if (this.#phase === 'sounding') {
      this.#heardMs += Math.min(Math.max(0, moment.atMs - this.#last.atMs), betweenUpdatesMs);
      this.#await('resuming', moment);
    } else if (this.#phase === 'stalled') {
      this.#endStall(moment.atMs);
      this.#await('resuming', moment);
    } else {
      this.#baseMs = moment.positionMs;
      this.#last = moment;
    }
  }

  paused(moment: Moment): void {
    this.#leave(moment, 'paused');
  }

  /** The play is over. */
  ended(moment: Moment): void {
    // All of it was there: what was waited for was the end.
    if (this.#phase === 'stalled') this.#phase = 'resuming';
    this.#leave(moment, 'over');
  }

  /** Nobody listens any more, or nothing can be heard any more. */
  stopped(moment: Moment): void {
    this.#leave(moment, 'over');
  }

  #await(phase: Phase, moment: Moment): void {
    this.#phase = phase;
    this.#sinceMs = moment.atMs;
    this.#baseMs = moment.positionMs;
    this.#last = moment;
  }

  #moved(moment: Moment): void {
    const sounded = (moment.positionMs - this.#baseMs) / moment.rate;
    const soundAtMs = Math.max(this.#sinceMs, moment.atMs - sounded);
    if (this.#phase === 'starting') this.#clickToSoundMs = this.#waitedMs + soundAtMs - this.#sinceMs;
    if (this.#phase === 'stalled') this.#endStall(soundAtMs);
    this.#heardMs += moment.atMs - soundAtMs;
    this.#phase = 'sounding';
    this.#sinceMs = soundAtMs;
  }

  #hear({ positionMs }: Moment): void {
    this.#heardMs += Math.max(0, positionMs - this.#last.positionMs) / this.#last.rate;
  }

  #endStall(atMs: number): void {
    this.#stalls.add(this.#heardMs, atMs - this.#sinceMs);
  }

  #leave(moment: Moment, phase: 'paused' | 'over'): void {
    if (this.#phase === 'over' || this.#phase === phase) return;
    if (this.awaitsSound && moment.positionMs > this.#baseMs) this.#moved(moment);
    else if (this.#phase === 'sounding') this.#hear(moment);
    else if (this.#phase === 'starting') this.#waitedMs += moment.atMs - this.#sinceMs;
    else if (this.#phase === 'stalled') this.#endStall(moment.atMs);
    this.#phase = phase;
    this.#last = moment;
  }
}
