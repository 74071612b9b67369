import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether there is a browser to test with; says what is skipped when not. Use it with `describe.skipIf(!…)`. */
export function hasChromium(what: string): boolean {
  const found = existsSync(executablePath);
  if (!found)
    console.warn(`skipped: ${what}, because there is no ${executablePath} (CHROMIUM_PATH names another)`);
  return found;
}

/** A headless Chromium that asks nobody but the pages under test and plays audio without a click, and without a sound. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--mute-audio',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}
