import { badUserInput, MedleyError } from '@medley/errors';
import type { Refusal } from '../domain/time-range.ts';

/** @throws MedleyError BAD_USER_INPUT when it is not 1 to `most` */
export function limitArgument(first: number, most: number): number {
  if (first < 1 || first > most) throw badUserInput(`first must be 1..${most}, got ${first}`);
  return first;
}

/** @throws MedleyError BAD_USER_INPUT, or COST_EXCEEDED with `cost` and `limit`, when a question is refused */
export function orRefuse<Answer extends object>(answer: Answer | Refusal): Answer {
  if (!('code' in answer)) return answer;
  const { code, message, ...cost } = answer;
  throw new MedleyError(code, message, cost);
}
