import { createMeasurements } from '@medley/explorer/measurements';
import type { PlaybackMeasurement } from '@medley/player-metrics';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** A page that knows how many listen to it. */
class CountingPage extends EventTarget {
  readonly listeners = new Set<string>();

  override addEventListener(...[type, listener]: Parameters<EventTarget['addEventListener']>): void {
    this.listeners.add(`${type} ${numberOf(listener)}`);
    super.addEventListener(type, listener);
  }
  override removeEventListener(...[type, listener]: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners.delete(`${type} ${numberOf(listener)}`);
    super.removeEventListener(type, listener);
  }
}
const numbers = new Map<unknown, number>();
function numberOf(listener: unknown): number {
  if (!numbers.has(listener)) numbers.set(listener, numbers.size);
  return numbers.get(listener) ?? 0;
}

const headersOf = (name: string) => ({ authorization: `Bearer token of ${name}` });
const measurement = (id: string) => ({ id }) as PlaybackMeasurement;
let reported: { readonly as: string | null; readonly ids: readonly string[] }[];

beforeEach(() => {
  reported = [];
  vi.stubGlobal('fetch', async (_url: string, { headers, body }: RequestInit) => {
    const { measurements } = JSON.parse(String(body)).variables.input;
    const ids = measurements.map(({ id }: PlaybackMeasurement) => id);
    reported.push({ as: new Headers(headers).get('authorization'), ids });
    return Response.json({ data: { playbackQualityReport: { results: [], userErrors: [] } } });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it('listens to the page for one caller, however many have asked', async () => {
  const page = new CountingPage();
  const measurements = createMeasurements('/graphql', page);
  const first = measurements.queueOf(headersOf('premium-us'));
  expect(measurements.queueOf(headersOf('premium-us'))).toBe(first);
  const ofOne = page.listeners.size;
  for (let caller = 0; caller < 50; caller += 1) measurements.queueOf(headersOf(`caller ${caller}`));
  expect(page.listeners.size).toBe(ofOne);
  await measurements.stop();
  expect(page.listeners.size).toBe(0);
});

it('reports as who was granted the play, also when another asks meanwhile', async () => {
  const measurements = createMeasurements('/graphql', new EventTarget());
  const before = measurements.queueOf(headersOf('premium-us'));
  before.add(measurement('waits'));
  const after = measurements.queueOf(headersOf('free-de'));
  await expect.poll(() => reported).toHaveLength(1);
  before.add(measurement('comes late'));
  after.add(measurement('of the other'));
  await measurements.stop();
  expect(reported).toEqual([
    { as: 'Bearer token of premium-us', ids: ['waits'] },
    { as: 'Bearer token of premium-us', ids: ['comes late'] },
    { as: 'Bearer token of free-de', ids: ['of the other'] },
  ]);
});
