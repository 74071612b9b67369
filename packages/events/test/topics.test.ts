import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopicOf, playEvents, retryTopicOf, topics } from '../src/index.ts';

describe('the topics', () => {
  it('have names of one form, each its own', () => {
    const names = allTopics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name } of topics) expect(name).toMatch(/^[a-z]+(\.[a-z-]+)+\.v[1-9]\d*$/);
  });

  it('have one contract for each type and version', () => {
    for (const { events } of topics) {
      const types = events.map(({ type, version }) => `${type} ${version}`);
      expect(new Set(types).size).toBe(types.length);
    }
  });

  it('have dead letters beside them, for thirty days, and a way to send them again', () => {
    expect(deadLetterTopicOf(playEvents)).toEqual({
      name: 'streaming.play-events.v1.dlq',
      partitions: 1,
      retentionMs: 30 * 24 * 60 * 60 * 1_000,
    });
    expect(retryTopicOf(playEvents).name).toBe('streaming.play-events.v1.retry');
    expect(allTopics).toHaveLength(3 * topics.length);
  });
});
