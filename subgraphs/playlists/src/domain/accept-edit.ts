import { tick } from './hybrid-clock.ts';
import { addedIdsOf, type Change, type Operation } from './operation.ts';
import { type OperationNames, retentionDays, retentionMs, timeOfUuid } from './operation-names.ts';
import {
  type LockedPlaylist,
  OperationIdTakenError,
  type PlaylistRepository,
} from './playlist-repository.ts';
import { isThere, type PlaylistState, roleOf } from './playlist-state.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { isSame, type Revisions } from './snapshot.ts';

/** What every edit says. Ids are UUIDs in lower case. */
export interface EditRequest {
  readonly operationId: string;
  readonly viewerId: string;
  readonly playlistId: string;
  /** Only when the playlist is at these revisions; null: whatever it is at. */
  readonly ifSnapshot: Revisions | null;
}

/** What came of an edit. */
export interface EditAnswer {
  readonly playlistId: string;
  /** Whether it took effect, now or when it was sent before. */
  readonly accepted: boolean;
  /** The items that it added, in its order. */
  readonly itemIds: readonly string[];
  readonly problems: readonly Problem[];
}

/** What an edit amounts to: a change, unless a problem stands in its way. Problems beside a change are what it leaves out. */
export interface Prepared {
  readonly change: Change | null;
  readonly problems: readonly Problem[];
}

export interface EditRules {
  readonly type: Change['type'];
  /** What was asked for, in one form for each meaning: the same id with something else is refused. */
  readonly asked: readonly unknown[];
  /** Whether this viewer may; a problem when not. Judged when the edit comes in, and never again. */
  readonly judge: (locked: LockedPlaylist, viewerId: string) => Problem | null;
  /** Decides what the edit does to the playlist as it is now. */
  readonly prepare: (locked: LockedPlaylist) => Promise<Prepared>;
  /** Whether the edit creates the playlist. */
  readonly begins?: boolean;
}

export interface AcceptanceDependencies {
  readonly playlists: PlaylistRepository;
  readonly names: OperationNames;
  /** Names this database among its replicas. */
  readonly replica: string;
  readonly clock: () => Date;
  /** Is told of each edit, when all is done. */
  readonly note?: (edit: NotedEdit) => void;
}

/** An edit for those who count them, and those who watch the playlist. */
export interface NotedEdit {
  readonly type: Change['type'];
  /** UUID */
  readonly playlistId: string;
  readonly outcome: EditOutcome;
}

export type EditOutcome = 'ACCEPTED' | 'REPEATED' | ProblemCode;

export type AcceptEdit = (request: EditRequest, rules: EditRules) => Promise<EditAnswer>;

/** Accepts edits: each takes effect once, however often it is sent, and gets the same answer again. */
export function createAcceptance(dependencies: AcceptanceDependencies): AcceptEdit {
  const { playlists, names, replica, clock, note = () => {} } = dependencies;
  return async (request, { type, asked, judge, prepare, begins = false }) => {
    const { operationId, viewerId, playlistId, ifSnapshot } = request;
    const digest = names.digest([type, viewerId, playlistId, ...asked]);

    async function work(locked: LockedPlaylist | null) {
      const now = clock();
      if (!locked) return refuse(notFound);
      const known = await locked.findOperation(operationId);
      if (known) return known.digest === digest ? repeat(known) : refuse(idReused);
      if (isOutdated(operationId, now)) return refuse(stale('operationId'));
      const refused = judge(locked, viewerId);
      if (refused) return refuse(refused);
      if (ifSnapshot && !isSame(ifSnapshot, locked.state.revisions)) return refuse(conflict);
      const { change, problems } = await prepare(locked);
      if (!change) return refuse(...problems);
      const operation: Operation = {
        id: operationId,
        playlistId,
        actorId: viewerId,
        replica,
        revision: (locked.state.revisions[replica] ?? 0) + 1,
        clock: tick(locked.state.clock, now.getTime(), replica),
        acceptedAt: now,
        digest,
        change,
        problems,
      };
      return { operation, result: { answer: answerOf(operation), outcome: 'ACCEPTED' } as const };
    }

    const repeat = (known: Operation) =>
      ({ operation: null, result: { answer: answerOf(known), outcome: 'REPEATED' } }) as const;
    const refuse = (...problems: readonly Problem[]) => ({
      operation: null,
      result: {
        answer: { playlistId, accepted: false, itemIds: [], problems },
        outcome: problems[0]?.code ?? 'INVALID',
      },
    });

    const { answer, outcome } = await playlists
      .change<{ answer: EditAnswer; outcome: EditOutcome }>(playlistId, { begins }, work)
      .catch((error: unknown) => {
        if (error instanceof OperationIdTakenError) return refuse(idReused).result;
        throw error;
      });
    note({ type, playlistId, outcome });
    return answer;
  };
}

const answerOf = ({ playlistId, change, problems }: Operation): EditAnswer => ({
  playlistId,
  accepted: true,
  itemIds: addedIdsOf(change),
  problems,
});

/** Only an id that tells its time shows that it is older than what is remembered. */
function isOutdated(operationId: string, now: Date): boolean {
  const madeAt = timeOfUuid(operationId);
  return madeAt !== null && madeAt < now.getTime() - retentionMs;
}

/** To strangers a private playlist is as if it were not there. */
export function judgeEditor({ state }: LockedPlaylist, viewerId: string): Problem | null {
  if (!maySeeState(state, viewerId)) return notFound;
  return roleOf(state, viewerId) === 'STRANGER'
    ? forbidden('Only the owner and collaborators may do that.')
    : null;
}

export function judgeOwner({ state }: LockedPlaylist, viewerId: string): Problem | null {
  if (!maySeeState(state, viewerId)) return notFound;
  return roleOf(state, viewerId) === 'OWNER' ? null : forbidden('Only the owner may do that.');
}

const maySeeState = (state: PlaylistState, viewerId: string): boolean =>
  isThere(state) && (state.privacy?.value !== 'PRIVATE' || roleOf(state, viewerId) !== 'STRANGER');

export const refuseWith = (...problems: readonly Problem[]): Prepared => ({ change: null, problems });

const forbidden = (message: string): Problem => ({ field: ['playlistId'], code: 'FORBIDDEN', message });

const notFound: Problem = {
  field: ['playlistId'],
  code: 'NOT_FOUND',
  message: 'There is no such playlist.',
};

const idReused: Problem = {
  field: ['operationId'],
  code: 'OPERATION_ID_REUSED',
  message: 'Another operation was sent with this id before: make a new one for each.',
};

const conflict: Problem = {
  field: ['ifSnapshot'],
  code: 'CONFLICT',
  message: 'The playlist has changed meanwhile.',
};

/** @param field of the input that shows its age */
export const stale = (field: 'operationId' | 'seenSnapshot'): Problem => ({
  field: [field],
  code: 'STALE_OPERATION',
  message: `That is more than ${retentionDays} days old: start again from the playlist as it is now.`,
});
