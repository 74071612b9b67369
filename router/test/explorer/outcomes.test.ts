import type { Exchange } from '@medley/explorer/fetcher';
import type { LiveStream } from '@medley/explorer/live-stream';
import { createOutcomes } from '@medley/explorer/outcomes';
import { expect, it } from 'vitest';

const exchange = { status: 200 } as Exchange;

function fakeStream(name: string): LiveStream {
  const listeners = new Set<() => void>();
  let phase: 'OPEN' | 'ENDED' = 'OPEN';
  return {
    name,
    caller: 'as nobody',
    state: () => ({ phase, results: 0, latest: undefined, latestAt: 0, headers: {} }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      phase = 'ENDED';
      for (const listener of listeners) listener();
    },
  };
}

it('ends the stream of a tab in which something else is asked, and of one that is closed', () => {
  const outcomes = createOutcomes();
  const [one, other] = [fakeStream('one'), fakeStream('other')];
  outcomes.put('1', one);
  outcomes.put('2', other);
  expect([...outcomes.running().keys()]).toEqual(['1', '2']);
  outcomes.put('1', exchange);
  expect(outcomes.get('1')).toBe(exchange);
  expect([...outcomes.running().keys()]).toEqual(['2']);
  outcomes.keepOnly(['1']);
  expect(other.state().phase).toBe('ENDED');
  expect(outcomes.get('2')).toBeUndefined();
});

it('lets four streams run, so that there are connections left for questions', () => {
  const outcomes = createOutcomes();
  const streams = ['1', '2', '3', '4', '5'].map(fakeStream);
  for (const stream of streams) outcomes.put(stream.name, stream);
  expect(streams.map((stream) => stream.state().phase)).toEqual(['ENDED', 'OPEN', 'OPEN', 'OPEN', 'OPEN']);
});

it('tells of every change of a stream', () => {
  const outcomes = createOutcomes();
  const stream = fakeStream('one');
  outcomes.put('1', stream);
  let told = 0;
  outcomes.onChange(() => {
    told += 1;
  });
  const before = outcomes.version();
  stream.stop();
  expect(told).toBe(1);
  expect(outcomes.version()).toBe(before + 1);
});
