import { readFileSync } from 'node:fs';
import { edgeAccess, encodeEvent } from '@medley/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAccessLine } from '../../src/access-log/access-line.ts';
import { countRange, type RangeTerms } from '../../src/access-log/count-range.ts';
import { fetchLine, requestLine } from './lines.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const terms: RangeTerms = {
  node: 'edge-1',
  tier: 'ALONE',
  sampleOutOf: 0,
  cutAt: noon + 60_000,
  name: 'the first piece',
  midLine: false,
};
const count = (text: string, more: Partial<RangeTerms> = {}, options = { takeRest: false }) =>
  countRange(Buffer.from(text), { ...terms, ...more }, options);
const totalsOf = (text: string, more: Partial<RangeTerms> = {}) =>
  count(text, more).events.map(({ data }) => data);

describe('a line of the access log', () => {
  it('is read as edge/nginx/access-log.md shows it', () => {
    const guide = readFileSync(new URL('../../nginx/access-log.md', import.meta.url), 'utf8');
    const shown = guide.split('\n').filter((line) => line.startsWith('{'));
    expect(shown.map((line) => parseAccessLine(line)?.line)).toEqual(['fetch', 'request']);
  });

  it('that is no line is told from one that is', () => {
    for (const wrong of [
      '',
      '{}',
      'null',
      '[1]',
      '{"line":"request"',
      requestLine({ line: 'other' }),
      requestLine({ bytesSent: -1 }),
      requestLine({ bytesSent: 1e300 }),
      requestLine({ bytesSent: '100' }),
      requestLine({ endedAt: 'now' }),
      requestLine({ status: '20' }),
      fetchLine({ originBytes: null }),
    ])
      expect([wrong, parseAccessLine(wrong)]).toEqual([wrong, undefined]);
    expect(parseAccessLine(requestLine({ somethingNew: true }))).toBeDefined();
  });

  it('never brings anything down', () => {
    fc.assert(fc.property(fc.string(), fc.json(), (text, json) => void [text, json].map(parseAccessLine)));
  });

  it('keeps no path that the edge does not know, whoever wrote it', () => {
    const line = parseAccessLine(requestLine({ path: '/audio/v1/x?t=v1.secret' }));
    expect(line).toMatchObject({ answer: { kind: 'audio', path: '/audio/' } });
  });

  it('of a request without a status is of a client who left', () => {
    expect(parseAccessLine(requestLine({ status: '000' }))).toMatchObject({ answer: { status: 499 } });
  });
});

describe('a piece of the access log', () => {
  it('is told by ten seconds, with the sums of its lines', () => {
    const text = [
      fetchLine({}, noon + 1_000),
      requestLine({ bytesSent: 700 }, noon + 2_000),
      requestLine({ bytesSent: 300 }, noon + 3_000),
      requestLine({ status: '403', bytesSent: 50 }, noon + 4_000),
      fetchLine({ status: '502', originBytes: 0 }, noon + 12_000),
    ].join('');
    const { length, lines, malformed, events } = count(text);
    expect({ length, lines, malformed }).toEqual({ length: text.length, lines: 5, malformed: 0 });
    expect(events.map(({ data }) => data)).toEqual([
      {
        node: 'edge-1',
        from: '2026-11-23T12:00:00.000Z',
        until: '2026-11-23T12:00:10.000Z',
        answers: [
          { kind: 'audio', status: 206, requests: 2, bytesSent: 1_000 },
          { kind: 'audio', status: 403, requests: 1, bytesSent: 50 },
        ],
        originFetches: 1,
        originFailures: 0,
        originBytes: 524_288,
        malformedLines: 0,
        hottestMisses: [
          {
            path: '/audio/v1/track_00000000000000000000000001/normal.ogg',
            originFetches: 1,
            originBytes: 524_288,
          },
        ],
      },
      expect.objectContaining({ from: '2026-11-23T12:00:10.000Z', originFetches: 1, originFailures: 1 }),
    ]);
    for (const event of events) encodeEvent(edgeAccess, event);
  });

  it('gives the same events when it is counted again, and others under another name', () => {
    const text = `${requestLine({}, noon)}x\n${fetchLine({}, noon + 20_000)}`;
    expect(count(text, { sampleOutOf: 1 })).toEqual(count(text, { sampleOutOf: 1 }));
    const ids = (name: string) => count(text, { name, sampleOutOf: 1 }).events.map(({ id }) => id);
    expect(new Set([...ids('one'), ...ids('two')]).size).toBe(2 * ids('one').length);
  });

  it('counts lines that it cannot read, beside those that it can', () => {
    const text = `rubbish\n${requestLine({}, noon)}\u0000\n${'x'.repeat(10_000_000)}\n${requestLine({}, noon)}`;
    expect(count(text)).toMatchObject({ length: text.length, lines: 5, malformed: 3 });
    expect(totalsOf(text)).toMatchObject([
      { from: '2026-11-23T12:00:00.000Z', malformedLines: 2, answers: [{ requests: 2 }] },
      // What came before any line with a time is counted where the piece was cut.
      { from: '2026-11-23T12:01:00.000Z', malformedLines: 1, answers: [] },
    ]);
  });

  it('takes lines of impossible times for malformed', () => {
    const text =
      requestLine({}, noon - 8 * 86_400_000) +
      requestLine({}, noon + 2 * 86_400_000) +
      requestLine({ durationSeconds: 1e308 }, noon);
    expect(count(text)).toMatchObject({ lines: 3, malformed: 3 });
  });

  it('leaves what has no end yet, unless it is told that none will come', () => {
    const whole = requestLine({}, noon);
    expect(count(`${whole}{"line":"req`)).toMatchObject({ length: whole.length, lines: 1, malformed: 0 });
    expect(count(`${whole}{"line":"req`, {}, { takeRest: true })).toMatchObject({
      length: whole.length + 12,
      lines: 2,
      malformed: 1,
    });
  });

  it('that begins in the midst of a line passes over the rest of it', () => {
    const whole = requestLine({}, noon);
    expect(count(`rest of a line\n${whole}`, { midLine: true })).toMatchObject({ lines: 1, malformed: 0 });
    expect(count('nothing but the midst', { midLine: true })).toMatchObject({ length: 21, lines: 0 });
  });

  it('ends where the ten seconds begin that are not over', () => {
    const [done, open] = [requestLine({}, noon + 9_999), requestLine({}, noon + 10_000)];
    const hold = { from: noon + 10_000, until: noon + 20_000 };
    const range = countRange(Buffer.from(done + open), terms, { takeRest: false, hold });
    expect(range).toMatchObject({ length: done.length, lines: 1 });
  });

  it('tells some requests as they were, with what was fetched for them', () => {
    const request = '000003e8'.padEnd(32, '0');
    const text = fetchLine({ request }, noon) + fetchLine({ request }, noon) + requestLine({ request }, noon);
    const [, sampled] = totalsOf(text, { sampleOutOf: 1_000 });
    expect(sampled).toMatchObject({ sampledOutOf: 1_000, originBytes: 1_048_576, durationMs: 39 });
    expect(totalsOf(requestLine({ request: 'f'.repeat(32) }, noon), { sampleOutOf: 1_000 })).toHaveLength(1);
  });

  it('tells about one of so many', () => {
    const text = Array.from({ length: 4_000 }, () => requestLine({}, noon)).join('');
    const sampled = count(text, { sampleOutOf: 10 }).events.length - 1;
    expect(sampled).toBeGreaterThan(300);
    expect(sampled).toBeLessThan(500);
  });

  it('of a node behind a shield tells its answers, of a shield what it fetches: nothing is counted twice', () => {
    const text = fetchLine({}, noon) + requestLine({}, noon);
    expect(totalsOf(text, { tier: 'BEHIND_SHIELD', sampleOutOf: 1 })).toMatchObject([
      { answers: [{ requests: 1 }], originFetches: 0, originBytes: 0, hottestMisses: [] },
      { sampledOutOf: 1 },
    ]);
    expect(totalsOf(text, { tier: 'SHIELD', sampleOutOf: 1 })).toMatchObject([
      { answers: [], originFetches: 1, originBytes: 524_288 },
    ]);
  });
});
