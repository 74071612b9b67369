/** How far work is that one process does on a schedule. */
export interface WorkState {
  /** For which day, week or version it was done last; null when it never was. */
  readonly done: string | null;
  readonly doneAt: Date | null;
  /** Where it goes on; null when it is not under way. */
  readonly place: Readonly<Record<string, unknown>> | null;
}

/** Port to where work on a schedule stands. */
export interface ScheduledWork {
  find(name: string): Promise<WorkState>;
  /** @param place JSON */
  notePlace(name: string, place: Readonly<Record<string, unknown>>): Promise<void>;
  /** It is done, and no longer under way. */
  noteDone(name: string, done: string, at: Date): Promise<void>;
}
