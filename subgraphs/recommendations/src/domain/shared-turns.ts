/** Work that many may want at once, and that is done once for all who wait. */
export interface SharedTurns<Result> {
  /**
   * Does work, one of each key at a time. Who asks while it is under way gets what is begun after that, together with all others who
   * asked meanwhile: so everybody's answer was begun after he asked.
   */
  run(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createSharedTurns<Result>(): SharedTurns<Result> {
  const underWay = new Map<string, { readonly current: Promise<unknown>; next: Promise<Result> | null }>();

  function begin(key: string, work: () => Promise<Result>): Promise<Result> {
    const current = work();
    const turn = { current, next: null };
    underWay.set(key, turn);
    const end = () => {
      if (underWay.get(key) === turn && turn.next === null) underWay.delete(key);
    };
    current.then(end, end);
    return current;
  }

  return {
    run(key, work) {
      const turn = underWay.get(key);
      if (!turn) return begin(key, work);
      const after = () => begin(key, work);
      turn.next ??= turn.current.then(after, after);
      return turn.next;
    },
  };
}
