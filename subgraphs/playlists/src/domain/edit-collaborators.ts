import {
  type AcceptEdit,
  type EditAnswer,
  type EditRequest,
  judgeEditor,
  judgeOwner,
  refuseWith,
} from './accept-edit.ts';
import type { AccountDirectory } from './account-directory.ts';
import { maxCollaborators } from './limits.ts';
import type { Problem } from './problem.ts';

interface CollaboratorRequest extends Omit<EditRequest, 'ifSnapshot'> {
  /** UUID of the account. */
  readonly userId: string;
}

/**
 * @param toUserId the public id of an account
 */
export function createCollaboratorEdits(
  accept: AcceptEdit,
  { accounts, toUserId }: { accounts: AccountDirectory; toUserId: (uuid: string) => string },
) {
  return {
    /** The owner only. The account must exist, as far as users can be asked. */
    async addCollaborator(request: CollaboratorRequest): Promise<EditAnswer> {
      const { userId } = request;
      const id = toUserId(userId);
      const active = await accounts.findActive([id]);
      return accept(
        { ...request, ifSnapshot: null },
        {
          type: 'ADD_COLLABORATOR',
          asked: [userId],
          judge: judgeOwner,
          async prepare({ state }) {
            if (active && !active.has(id)) return refuseWith(noAccount);
            if (state.created?.ownerId === userId) return refuseWith(isOwner);
            const others = [...state.collaborators].filter(
              ([known, { value }]) => value.active && known !== userId,
            );
            if (others.length >= maxCollaborators) return refuseWith(tooMany);
            return { change: { type: 'ADD_COLLABORATOR', userId }, problems: [] };
          },
        },
      );
    },

    /** The owner, or the collaborator in question. */
    removeCollaborator: (request: CollaboratorRequest): Promise<EditAnswer> =>
      accept(
        { ...request, ifSnapshot: null },
        {
          type: 'REMOVE_COLLABORATOR',
          asked: [request.userId],
          judge: request.userId === request.viewerId ? judgeEditor : judgeOwner,
          prepare: async () => ({
            change: { type: 'REMOVE_COLLABORATOR', userId: request.userId },
            problems: [],
          }),
        },
      ),
  };
}

const noAccount: Problem = { field: ['userId'], code: 'NOT_FOUND', message: 'There is no such account.' };
const isOwner: Problem = { field: ['userId'], code: 'INVALID', message: 'The owner may edit it anyway.' };
const tooMany: Problem = {
  field: ['userId'],
  code: 'LIMIT_REACHED',
  message: `At most ${maxCollaborators} people may edit a playlist with its owner.`,
};
