import type { ViewerResolvers } from '../generated/graphql.ts';
import { toState } from './playback-session.ts';

export const Viewer: ViewerResolvers = {
  // Whoever asks sees what the own account plays and no other, whichever viewer the request names.
  async playback({ id }, _, { player, request: { actor } }) {
    if (actor.kind !== 'viewer' || actor.id !== id) return null;
    const state = await player.readState(id);
    return state && toState(state);
  },
};
