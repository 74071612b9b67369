import { describe, expect, it } from 'vitest';
import { AnswerTally, type AnswerTiming } from '../src/edge-answers.ts';

const url = 'https://edge.example/audio/v1/track_1/normal.ogg?t=v1';
const timing = (desc: string | null, more: Partial<AnswerTiming> = {}): AnswerTiming => ({
  name: url,
  transferSize: 524_588,
  encodedBodySize: 524_288,
  responseStatus: 206,
  serverTiming: desc === null ? [] : [{ name: 'cdn-cache', description: desc } as PerformanceServerTiming],
  ...more,
});

describe('answers of the edge', () => {
  it('are counted with their bytes by whether they came from its cache', () => {
    const tally = new AnswerTally(url);
    tally.addAll([timing('MISS'), timing('HIT'), timing('HIT', { encodedBodySize: 100 })]);
    expect(tally).toMatchObject({ hits: 2, misses: 1, bytes: 2 * 524_288 + 100, arrived: true });
  });

  it('are those to this URL, and not what the browser had itself', () => {
    const tally = new AnswerTally(url);
    tally.addAll([timing('HIT', { name: `${url}x` }), timing('HIT', { transferSize: 0 })]);
    expect(tally).toMatchObject({ hits: 0, misses: 0, bytes: 0, arrived: false });
  });

  it('count as answers when they were broken off, but not as arrived', () => {
    const tally = new AnswerTally(url);
    tally.addAll([timing('MISS', { transferSize: 300, encodedBodySize: 0, responseStatus: 0 })]);
    expect(tally).toMatchObject({ misses: 1, bytes: 0, arrived: false });
  });

  it('are not those by which the edge refuses', () => {
    const tally = new AnswerTally(url);
    tally.addAll([timing(null, { encodedBodySize: 40, responseStatus: 403 })]);
    expect(tally).toMatchObject({ hits: 0, misses: 0, bytes: 0, arrived: false });
  });
});
