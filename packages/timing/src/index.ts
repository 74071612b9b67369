export { createFewAtOnce, type FewAtOnce } from './few-at-once.ts';
export { inTime } from './in-time.ts';
export { startRounds } from './rounds.ts';
export { createTurns, type InTurn } from './turns.ts';
