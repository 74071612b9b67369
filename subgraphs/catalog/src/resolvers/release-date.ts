import { formatReleaseDate, releaseYear } from '../domain/release-date.ts';
import type { ReleaseDateResolvers } from '../generated/graphql.ts';

export const ReleaseDate: ReleaseDateResolvers = { value: formatReleaseDate, year: releaseYear };
