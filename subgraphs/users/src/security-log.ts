import { encodeId } from '@medley/ids';
import type { Logger } from '@medley/service';
import type { NoteSecurityEvent } from './domain/security-event.ts';

/** Writes security events to the log, with public ids. */
export function noteInLog(logger: Logger): NoteSecurityEvent {
  return ({ type, ...facts }) => {
    const shown = Object.entries(facts).map(([name, value]) => [name, publicValue(name, value)]);
    const level = alarming.has(type) ? 'warn' : 'info';
    logger[level]({ event: type, ...Object.fromEntries(shown) }, 'security');
  };
}

const alarming: ReadonlySet<string> = new Set(['REFRESH_TOKEN_REUSED', 'THROTTLED']);

function publicValue(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (name === 'accountId' || name === 'by') return encodeId('user', value);
  return name === 'sessionId' ? encodeId('session', value) : value;
}
