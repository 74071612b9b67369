/** One line that changes, on a terminal; elsewhere a line every ten seconds, so that no log is filled. */
export interface ProgressLine {
  show(text: string): void;
  /** Before something else is written. */
  clear(): void;
}

/** @param now in milliseconds */
export function createProgressLine(
  output: { write(text: string): unknown; isTTY?: boolean },
  now: () => number = () => performance.now(),
): ProgressLine {
  let shownAt = now();
  return {
    show(text) {
      if (now() - shownAt < (output.isTTY ? 100 : 10_000)) return;
      shownAt = now();
      output.write(output.isTTY ? `\r\u001b[2K${text.slice(0, 118)}` : `${text}\n`);
    },
    clear() {
      if (output.isTTY) output.write('\r\u001b[2K');
    },
  };
}
