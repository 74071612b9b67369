import { MedleyError } from '@medley/errors';
import { idArgument } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { EditAnswer } from '../domain/accept-edit.ts';
import { MixesUnavailableError } from '../domain/mix-directory.ts';
import { writeSnapshot } from '../domain/snapshot.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import {
  idArguments,
  operationIdArgument,
  placeArgument,
  snapshotArgument,
  toUserErrors,
} from './arguments.ts';

/** The mutations of playlists and their items. */
export const playlistEdits = {
  async playlistCreate(_, { input }, context) {
    const answer = await context.useCases.create({
      operationId: operationIdArgument(input.operationId),
      viewerId: context.requireViewerId(),
      name: input.name,
      description: input.description ?? null,
      privacy: input.privacy ?? 'PRIVATE',
      trackIds: idArguments('input.trackIds', input.trackIds ?? [], 'track', 0),
    });
    return toItemsPayload(answer, context);
  },

  async playlistCreateFromMix(_, { input }, context) {
    const { market, explicit } = context.request;
    const asked = context.useCases.createFromMix({
      operationId: operationIdArgument(input.operationId),
      viewerId: context.requireViewerId(),
      mixId: idArgument('input.mixId', input.mixId, 'mix'),
      name: input.name ?? null,
      privacy: input.privacy ?? 'PRIVATE',
      ...{ market, explicit },
    });
    return toItemsPayload(await asked.catch(tellMixesUnavailable), context);
  },

  async playlistRename(_, { input }, context) {
    return toPayload(
      await context.useCases.rename({ ...readEdit(input, context), name: input.name }),
      context,
    );
  },

  async playlistDescribe(_, { input }, context) {
    const description = input.description ?? null;
    return toPayload(await context.useCases.describe({ ...readEdit(input, context), description }), context);
  },

  async playlistPrivacySet(_, { input }, context) {
    const { privacy } = input;
    return toPayload(await context.useCases.setPrivacy({ ...readEdit(input, context), privacy }), context);
  },

  async playlistDelete(_, { input }, context) {
    const { accepted, problems } = await context.useCases.delete(readEdit(input, context));
    return { deletedPlaylistId: accepted ? input.playlistId : null, userErrors: toUserErrors(problems) };
  },

  async playlistCollaboratorAdd(_, { input }, context) {
    const userId = idArgument('input.userId', input.userId, 'user');
    return toPayload(
      await context.useCases.addCollaborator({ ...readEdit(input, context), userId }),
      context,
    );
  },

  async playlistCollaboratorRemove(_, { input }, context) {
    const userId = idArgument('input.userId', input.userId, 'user');
    return toPayload(
      await context.useCases.removeCollaborator({ ...readEdit(input, context), userId }),
      context,
    );
  },

  async playlistItemsAdd(_, { input }, context) {
    const answer = await context.useCases.addItems({
      ...readEdit(input, context),
      trackIds: idArguments('input.trackIds', input.trackIds, 'track'),
      place: placeArgument(input.place),
    });
    return toItemsPayload(answer, context);
  },

  async playlistItemsRemove(_, { input }, context) {
    const itemIds = idArguments('input.itemIds', input.itemIds, 'item');
    return toPayload(await context.useCases.removeItems({ ...readEdit(input, context), itemIds }), context);
  },

  async playlistItemsMove(_, { input }, context) {
    const answer = await context.useCases.moveItems({
      ...readEdit(input, context),
      itemIds: idArguments('input.itemIds', input.itemIds, 'item'),
      place: placeArgument(input.place),
    });
    return toPayload(answer, context);
  },

  async playlistItemsReplace(_, { input }, context) {
    const answer = await context.useCases.replaceItems({
      ...readEdit(input, context),
      trackIds: idArguments('input.trackIds', input.trackIds, 'track', 0),
      seen: snapshotArgument('input.seenSnapshot', input.seenSnapshot) ?? {},
    });
    return toItemsPayload(answer, context);
  },
} satisfies MutationResolvers;

function tellMixesUnavailable(error: unknown): never {
  if (error instanceof MixesUnavailableError)
    throw new MedleyError(
      'UPSTREAM_UNAVAILABLE',
      'The mix cannot be read at the moment: send it again later.',
    );
  throw error;
}

/** What the inputs of all edits have. */
function readEdit(
  input: { operationId: string; playlistId: string; ifSnapshot?: string | null },
  { requireViewerId }: Context,
) {
  return {
    viewerId: requireViewerId(),
    operationId: operationIdArgument(input.operationId),
    playlistId: idArgument('input.playlistId', input.playlistId, 'playlist'),
    ifSnapshot: snapshotArgument('input.ifSnapshot', input.ifSnapshot),
  };
}

/** The playlist as the viewer finds it after the edit, whether it was accepted or not. */
async function toPayload({ playlistId, problems }: EditAnswer, { loaders }: Context) {
  const playlist = await loaders.playlist.load(playlistId);
  return {
    playlist,
    snapshotId: playlist && writeSnapshot(playlist.revisions),
    userErrors: toUserErrors(problems),
  };
}

/** The same, with what the edit added, as far as it is still there. */
async function toItemsPayload(answer: EditAnswer, context: Context) {
  const payload = await toPayload(answer, context);
  const { itemIds, playlistId } = answer;
  if (!payload.playlist || itemIds.length === 0) return { ...payload, items: [] };
  const found = new Map((await context.findItems(playlistId, itemIds)).map((item) => [item.id, item]));
  return { ...payload, items: itemIds.flatMap((id) => found.get(id) ?? []) };
}
