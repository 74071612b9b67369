import { describe, expect, it } from 'vitest';
import { createTerminalScreen } from '../src/screen.ts';

function createOutput(isTTY: boolean) {
  const chunks: string[] = [];
  return { isTTY, write: (chunk: string) => void chunks.push(chunk), read: () => chunks.join('') };
}

describe('the screen', () => {
  it('shows each step with its duration', async () => {
    const output = createOutput(false);
    let clock = 0;
    const screen = createTerminalScreen(output, () => clock);
    const result = await screen.step('database', async () => {
      clock += 1_234;
      return 'open';
    });
    expect(result).toBe('open');
    expect(output.read()).toBe('  ✓ database 1.2 s\n');
  });

  it('shows progress on a terminal, in one line', async () => {
    const output = createOutput(true);
    await createTerminalScreen(output).step('catalog', async (progress) => progress('1,200 of 12,000'));
    expect(output.read()).toContain('\r\u001b[2Kcatalog 1,200 of 12,000');
    expect(output.read().match(/\n/g)).toHaveLength(1);
  });

  it('shows progress elsewhere every five seconds', () => {
    const output = createOutput(false);
    let clock = 0;
    const screen = createTerminalScreen(output, () => clock);
    for (let percent = 0; percent <= 100; percent++) {
      clock += 100;
      screen.progress(`${percent} %`);
    }
    expect(output.read()).toBe('50 %\n');
  });

  it('shows which step failed', async () => {
    const output = createOutput(false);
    const screen = createTerminalScreen(output, () => 0);
    await expect(screen.step('audio', () => Promise.reject(new Error('no space')))).rejects.toThrow(
      'no space',
    );
    expect(output.read()).toBe('  ✗ audio 0.0 s\n');
  });
});
