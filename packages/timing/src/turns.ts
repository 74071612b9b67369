import pLimit from 'p-limit';

/** Does work alone: it waits until the work that was given before has ended. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const createTurns = (): InTurn => pLimit(1);
