import type { Problem } from './problem.ts';

/** Items of a playlist, judged where an edit is accepted: edits of two replicas that meet later may exceed it. */
export const maxItems = 10_000;
/** People beside the owner, likewise. */
export const maxCollaborators = 50;
/** Tracks or items that one edit names. */
export const maxPerEdit = 100;
/** In code points. */
export const maxNameLength = 100;
/** In code points. */
export const maxDescriptionLength = 300;
/** In characters. A gap must have been split in an odd way a thousand times before a position comes to this. */
export const maxPositionLength = 1_500;

/** The problems of a name as `trim` leaves it; none when it is good. */
export function problemsOfName(name: string): Problem[] {
  const length = lengthOf(name);
  if (length === 0) return [{ field: ['name'], code: 'TOO_SHORT', message: 'A playlist needs a name.' }];
  if (length > maxNameLength)
    return [
      { field: ['name'], code: 'TOO_LONG', message: `At most ${maxNameLength} characters, got ${length}.` },
    ];
  return problemsOfText('name', name);
}

/** The problems of a description; none when it is good. */
export function problemsOfDescription(description: string | null): Problem[] {
  const length = lengthOf(description ?? '');
  if (length > maxDescriptionLength) {
    const message = `At most ${maxDescriptionLength} characters, got ${length}.`;
    return [{ field: ['description'], code: 'TOO_LONG', message }];
  }
  return problemsOfText('description', description ?? '');
}

// Half a character and NUL, which PostgreSQL cannot keep.
function problemsOfText(field: string, text: string): Problem[] {
  if (!/[\p{Surrogate}\0]/u.test(text)) return [];
  return [{ field: [field], code: 'INVALID', message: 'It has characters that are none.' }];
}

const lengthOf = (text: string) => [...text].length;
