import type { MedleyError } from '@medley/errors';
import type { Actor } from '@medley/identity';
import { describe, expect, it } from 'vitest';
import { type RequestInfo, requireScope } from '../src/index.ts';

describe('requireScope', () => {
  const ask = (actor: Actor) => {
    try {
      requireScope({ actor } as RequestInfo, 'catalog:write');
      return 'granted';
    } catch (error) {
      return (error as MedleyError).extensions.code;
    }
  };

  it.each<[Actor, string]>([
    [{ kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['a:read', 'catalog:write'] }, 'granted'],
    [{ kind: 'app', id: 'app_1', scopes: ['catalog:write'] }, 'granted'],
    [{ kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['catalog:read'] }, 'FORBIDDEN'],
    [{ kind: 'service', id: 'streaming' }, 'FORBIDDEN'],
    [{ kind: 'anonymous' }, 'UNAUTHENTICATED'],
  ])('%j is %s', (actor, outcome) => {
    expect(ask(actor)).toBe(outcome);
  });
});
