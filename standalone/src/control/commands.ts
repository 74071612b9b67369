import type { ImportOptions } from '@medley/catalog/import/import-catalog';
import type { ImportOptions as PlaylistImportOptions } from '@medley/playlists/import/import-playlists';
import type { Indexing } from '@medley/search';
import type { PersonaDesk } from '../personas.ts';
import type { Rows } from '../rows.ts';
import { type AnalyticsRebuildDependencies, analyticsRebuild } from './analytics-rebuild.ts';
import { catalogImport } from './catalog-import.ts';
import { type CdnWarmDependencies, cdnWarm } from './cdn-warm.ts';
import { eventsDeadLetters } from './events-dead-letters.ts';
import { eventsReplay } from './events-replay.ts';
import { eventsRepublish, type RepublishDependencies } from './events-republish.ts';
import { playlistsImport } from './playlists-import.ts';
import type { Command } from './protocol.ts';
import { type RecommendationsTrainDependencies, recommendationsTrain } from './recommendations-train.ts';
import { searchRebuild } from './search-rebuild.ts';
import { token } from './token.ts';

/** What commands work on. */
export interface CommandDependencies
  extends RepublishDependencies,
    AnalyticsRebuildDependencies,
    CdnWarmDependencies,
    RecommendationsTrainDependencies {
  readonly rows: Pick<Rows, 'analytics' | 'catalog' | 'playlists' | 'users'>;
  readonly catalogWriter: ImportOptions['writer'];
  readonly playlistWriter: PlaylistImportOptions['writer'];
  readonly indexing: Pick<Indexing, 'rebuild'>;
  readonly personas: Pick<PersonaDesk, 'issue'>;
}

/** Every command that the process takes which holds the data, by the name in its address. */
export const commands: Readonly<Record<string, Command<CommandDependencies>>> = {
  'analytics-rebuild': analyticsRebuild,
  'catalog-import': catalogImport,
  'cdn-warm': cdnWarm,
  'events-dead-letters': eventsDeadLetters,
  'events-replay': eventsReplay,
  'events-republish': eventsRepublish,
  'playlists-import': playlistsImport,
  'recommendations-train': recommendationsTrain,
  'search-rebuild': searchRebuild,
  token,
};
