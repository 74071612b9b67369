import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { host, list, port, readConfig } from '../src/index.ts';

describe('readConfig', () => {
  it('gives defaults where nothing is set, also for empty variables', () => {
    expect(readConfig({ PORT: port(4000), HOST: host, ORIGINS: list }, { PORT: '' })).toEqual({
      PORT: 4000,
      HOST: '127.0.0.1',
      ORIGINS: [],
    });
  });

  it('names every variable that is missing or wrong', () => {
    expect(() => readConfig({ PORT: port(4000), DATABASE_URL: z.url() }, { PORT: '70000' })).toThrow(
      /PORT: .*65535[\s\S]*DATABASE_URL: is required, but not set/,
    );
  });

  it('never shows a value', () => {
    expect(() => readConfig({ SECRET: z.string().min(32) }, { SECRET: 'hunter2' })).not.toThrow(/hunter2/);
  });

  it('splits lists', () => {
    expect(
      readConfig({ ORIGINS: list }, { ORIGINS: 'https://a.example, https://b.example' }).ORIGINS,
    ).toEqual(['https://a.example', 'https://b.example']);
  });
});
