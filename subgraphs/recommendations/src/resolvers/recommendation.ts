import type { Context } from '../context.ts';
import { explain } from '../domain/explain.ts';
import { nothingMessages } from '../domain/list-filter.ts';
import type { Because } from '../domain/provenance.ts';
import type { NothingToRecommendResolvers, RecommendationResolvers } from '../generated/graphql.ts';
import { toMember } from './reference.ts';

export const Recommendation: RecommendationResolvers = {
  message: async (grounds, _, { loaders }) => explain(grounds, await nameOf(grounds.because, loaders)),
  because: ({ because }) => because && toMember(because),
};

export const NothingToRecommend: NothingToRecommendResolvers = {
  code: (code) => code,
  message: (code) => nothingMessages[code],
};

/** What a track or artist is called; null when nobody knows, which costs the words and nothing else. */
export async function nameOf(because: Because | null, loaders: Context['loaders']): Promise<string | null> {
  if (!because) return null;
  const { kind, id } = because;
  try {
    if (kind === 'TRACK') return (await loaders.track.load(id))?.title ?? null;
    return (await loaders.artist.load(id))?.name ?? null;
  } catch {
    return null;
  }
}
