import { idArgument } from '@medley/subgraph';
import type { PlaybackContext } from '../domain/playback-context.ts';
import type { PlaybackDevice } from '../domain/playback-device.ts';
import type { Problem } from '../domain/problem.ts';
import type { PlaybackContextInput, PlaybackDeviceInput, UserError } from '../generated/graphql.ts';

/** @throws MedleyError BAD_USER_INPUT when it is malformed or of another kind */
export function trackArgument(name: string, id: string): string {
  idArgument(name, id, 'track');
  return id;
}

/** @throws MedleyError BAD_USER_INPUT for one that is malformed or of another kind */
export const trackArguments = (name: string, ids: readonly string[]): string[] =>
  ids.map((id, index) => trackArgument(`${name}.${index}`, id));

/** @throws MedleyError BAD_USER_INPUT when it is malformed or of another kind */
export function sessionArgument(id: string): string {
  idArgument('input.sessionId', id, 'session');
  return id;
}

export const toDevice = ({ id, name }: PlaybackDeviceInput): PlaybackDevice => ({
  id,
  name: name?.trim() || null,
});

export const toContext = (context: PlaybackContextInput | null | undefined): PlaybackContext | null =>
  context ? { kind: context.kind, id: context.id ?? null } : null;

/** Problems in the schema's shape. */
export const toUserErrors = (problems: readonly Problem[]): UserError[] =>
  problems.map(({ field, code, message }) => ({ field: ['input', ...field], code, message }));
