import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { envelope } from '../src/envelope.ts';
import { topics } from '../src/index.ts';

const guide = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');

/** The first table below a title, without its head: the texts of the cells. */
function tableOf(title: string): string[][] {
  const section = guide.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('docs/events.md tells every topic as it is, and no other', () => {
  const day = 86_400_000;
  const hour = 3_600_000;
  const keptFor = (retentionMs: number | null) => {
    if (retentionMs === null) return 'compacted';
    if (retentionMs < day) return retentionMs === hour ? '1 hour' : `${retentionMs / hour} hours`;
    return retentionMs === day ? '1 day' : `${retentionMs / day} days`;
  };
  const documented = tableOf('Topics').map(([topic, , , events, partitions, kept]) => [
    topic,
    events,
    partitions,
    kept,
  ]);
  const actual = topics.map(({ name, events, partitions, retentionMs }) => [
    `\`${name}\``,
    events.map(({ type }) => `\`${type}\``).join(', '),
    String(partitions),
    keptFor(retentionMs),
  ]);
  expect(documented).toEqual(actual);
});

it('docs/events.md tells every field of the envelope, and no other', () => {
  const documented = tableOf('The envelope').map(([field]) => field);
  expect(documented).toEqual(Object.keys(envelope.shape).map((field) => `\`${field}\``));
});
