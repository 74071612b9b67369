/** An element that plays when the test says so, beside a page and a browser's timings. */
export class FakeAudio extends EventTarget {
  src = 'https://edge.example/audio/v1/track_1/normal.ogg?t=v1';
  currentTime = 0;
  playbackRate = 1;
  paused = true;
  readyState = 0;
  error: { readonly code: number } | null = null;

  canPlayType(): string {
    return 'maybe';
  }

  /** @param change what the element shows when it happens */
  tell(event: string, change: Partial<FakeAudio> = {}): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(event));
  }
}
