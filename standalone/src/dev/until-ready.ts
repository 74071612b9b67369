import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks a service until its `/readyz` says yes, however long that takes: who edits may have to mend it first.
 * @param url where it will listen
 * @throws when it is called off before
 */
export async function untilReady(url: string, calledOff: AbortSignal): Promise<void> {
  while (!(await isReady(url))) await pause(pauseMs, undefined, { signal: calledOff });
}

const pauseMs = 200;
const answerMs = 2_000;

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(answerMs) }).then(
    (response) => response.ok,
    () => false,
  );
}
