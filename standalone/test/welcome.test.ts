import { describe, expect, it } from 'vitest';
import { welcome } from '../src/welcome.ts';

const standalone = {
  url: 'http://localhost:4000',
  edgeUrl: 'http://localhost:4100',
  personas: [
    {
      name: 'premium-us',
      description: 'pays, in the United States',
      userId: 'user_1',
      email: 'premium-us@medley.example',
      password: 'medley-premium-us',
      token: 'the-token',
      expiresAt: new Date(0),
    },
  ],
};
const shown = (host: string) => welcome(standalone, { DATA_DIR: '.medley', HOST: host }, 12_345).join('\n');

describe('the welcome', () => {
  it('says where things are, who can sign in, and what to paste', () => {
    const text = shown('127.0.0.1');
    for (const part of [
      'Ready in 12.3 s',
      'http://localhost:4000/explorer',
      'http://localhost:4100',
      'premium-us',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("-H 'authorization: Bearer the-token'");
  });

  it('warns when others can reach the personas', () => {
    expect(shown('0.0.0.0')).toContain('Careful');
    expect(shown('127.0.0.1')).not.toContain('Careful');
  });
});
