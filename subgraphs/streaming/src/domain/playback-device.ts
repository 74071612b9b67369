import { type Problem, problemsOfText } from './problem.ts';

/** A device as it calls itself. */
export interface PlaybackDevice {
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ -`. */
  readonly id: string;
  /** For people, at most 100 characters; null when the device gave none. */
  readonly name: string | null;
}

/** @param field where the device stands in its input */
export function problemsOfDevice(field: readonly string[], { id, name }: PlaybackDevice): Problem[] {
  return [
    ...problemsOfDeviceId([...field, 'id'], id),
    ...problemsOfText([...field, 'name'], name ?? '', 100),
  ];
}

export function problemsOfDeviceId(field: readonly string[], id: string): Problem[] {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(id)) return [];
  return [{ field, code: 'INVALID', message: '1 to 64 characters of A-Z a-z 0-9 . _ - are needed.' }];
}
