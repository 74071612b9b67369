import { type AcceptEdit, type EditAnswer, type EditRequest, judgeOwner, refuseWith } from './accept-edit.ts';
import { problemsOfDescription, problemsOfName } from './limits.ts';
import type { Change } from './operation.ts';
import type { Privacy } from './playlist.ts';
import type { Problem } from './problem.ts';

/** The edits that are the owner's. */
export function createDetailEdits(accept: AcceptEdit) {
  const edit = (request: EditRequest, change: Change, problems: readonly Problem[] = []) =>
    accept(request, {
      type: change.type,
      asked: [change],
      judge: judgeOwner,
      prepare: async () => (problems.length > 0 ? refuseWith(...problems) : { change, problems: [] }),
    });
  return {
    rename(request: EditRequest & { readonly name: string }): Promise<EditAnswer> {
      const name = request.name.trim();
      return edit(request, { type: 'RENAME', name }, problemsOfName(name));
    },
    describe(request: EditRequest & { readonly description: string | null }): Promise<EditAnswer> {
      const description = readDescription(request.description);
      return edit(request, { type: 'DESCRIBE', description }, problemsOfDescription(description));
    },
    setPrivacy: (request: EditRequest & { readonly privacy: Privacy }): Promise<EditAnswer> =>
      edit(request, { type: 'SET_PRIVACY', privacy: request.privacy }),
    delete: (request: EditRequest): Promise<EditAnswer> => edit(request, { type: 'DELETE' }),
  };
}

/** An empty description is none. */
export const readDescription = (text: string | null): string | null => text?.trim() || null;
