/** Somebody did not answer in time. */
export class TooLateError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'TooLateError';
  }
}

/** @throws TooLateError when it has not come after so many milliseconds; what was asked goes on, and nobody looks at it */
export function inTime<Answer>(ms: number, asked: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooLateError(ms)), ms);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What an answer can do without. */
export type Dispensable =
  | 'model'
  | 'profile'
  | 'radio_session'
  | 'mixes'
  | 'shelf_jump_back_in'
  | 'shelf_because'
  | 'shelf_made_for_you'
  | 'shelf_new'
  | 'shelf_fits_taste'
  | 'shelf_popular';

/** Told what an answer was made without, and why. */
export type Note = (without: Dispensable, error: unknown) => void;

/** Does without what fails or comes too late. */
export async function orElse<Answer, Other>(
  other: Other,
  { asked, ms, what, note }: { asked: () => Promise<Answer>; ms: number; what: Dispensable; note: Note },
): Promise<Answer | Other> {
  try {
    return await inTime(ms, asked());
  } catch (error) {
    note(what, error);
    return other;
  }
}
