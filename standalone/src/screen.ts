/** Shows people at a terminal what is being done, and how far it is. */
export interface Screen {
  /** A line that stays. */
  line(text: string): void;
  /** Replaces the last progress. */
  progress(text: string): void;
  /** Runs a step and shows its name, its progress and, at its end, how long it took. Steps may overlap. */
  step<Result>(name: string, work: (progress: (text: string) => void) => Promise<Result>): Promise<Result>;
}

/**
 * On a terminal, progress is one line that changes. Elsewhere it would fill the log, so it is shown every five seconds.
 * @param now in milliseconds
 */
export function createTerminalScreen(
  output: { write(text: string): unknown; isTTY?: boolean },
  now: () => number = () => performance.now(),
): Screen {
  const running = new Map<string, string>();
  let shownAt = now();

  const draw = () => {
    const text = [...running].map(([name, progress]) => `${name} ${progress}`.trim()).join(' · ');
    if (output.isTTY) output.write(`\r\u001b[2K${text.slice(0, 118)}`);
    else if (text && now() - shownAt > quietForMs) {
      shownAt = now();
      output.write(`${text}\n`);
    }
  };
  const line = (text: string) => {
    output.write(output.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
    if (output.isTTY) draw();
  };
  const show = (name: string, progress: string) => {
    running.set(name, progress);
    draw();
  };
  return {
    line(text) {
      running.delete('');
      line(text);
    },
    progress: (text) => show('', text),
    async step(name, work) {
      const startedAt = now();
      const end = (mark: string) => {
        running.delete(name);
        line(`  ${mark} ${name} ${((now() - startedAt) / 1_000).toFixed(1)} s`);
      };
      show(name, '…');
      try {
        const result = await work((progress) => show(name, progress));
        end('✓');
        return result;
      } catch (error) {
        end('✗');
        throw error;
      }
    },
  };
}

const quietForMs = 5_000;
