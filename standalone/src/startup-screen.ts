/** Tells, while the service starts, what it is doing and how long each step took. */
export interface StartupScreen {
  /** Runs a step and shows it; `progress` replaces what stands behind its name. */
  step<Result>(name: string, work: (progress: (text: string) => void) => Promise<Result>): Promise<Result>;
  /** A line that stays. */
  line(text: string): void;
}

/**
 * On a terminal a running step is one line that changes; elsewhere each finished step is a line, and one that takes
 * longer than five seconds says so every five.
 * @param now in milliseconds
 */
export function createStartupScreen(
  output: { write(text: string): unknown; isTTY?: boolean },
  now: () => number = () => performance.now(),
): StartupScreen {
  const running = new Map<string, string>();
  const redraw = () => {
    if (!output.isTTY) return;
    const text = [...running].map(([name, progress]) => `${name} ${progress}`.trim()).join(' · ');
    output.write(`\r\u001b[2K${text ? `  ⋯ ${text.slice(0, 110)}` : ''}`);
  };
  const line = (text: string) => {
    output.write(output.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
    redraw();
  };
  return {
    line,
    async step(name, work) {
      const startedAt = now();
      const seconds = () => ((now() - startedAt) / 1000).toFixed(1);
      running.set(name, '');
      redraw();
      const reminder = setInterval(() => {
        if (!output.isTTY)
          line(`  ⋯ ${name} ${running.get(name) ?? ''} (${seconds()} s)`.replace('  (', ' ('));
      }, 5_000);
      try {
        const result = await work((progress) => {
          running.set(name, progress);
          redraw();
        });
        running.delete(name);
        line(`  ✓ ${name} ${seconds()} s`);
        return result;
      } catch (error) {
        running.delete(name);
        line(`  ✗ ${name} ${seconds()} s`);
        throw error;
      } finally {
        clearInterval(reminder);
      }
    },
  };
}
