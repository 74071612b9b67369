import type { ArchivedPlay } from '../domain/archived-play.ts';

/** What a column holds. Times are milliseconds since 1970, UTC; texts are UTF-8. */
export type ColumnType = 'text' | 'time' | 'integer' | 'boolean';

export interface PlayColumn {
  /** As the files have it. */
  readonly name: string;
  readonly field: keyof ArchivedPlay;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

const column = (name: string, field: keyof ArchivedPlay, type: ColumnType, nullable = false): PlayColumn => ({
  ...{ name, field, type, nullable },
});

/** The columns of the files, in their order. One that is added later is nullable: files that are there do not have it. */
export const playColumns: readonly PlayColumn[] = [
  column('event_id', 'eventId', 'text'),
  column('user_id', 'userId', 'text'),
  column('track_id', 'trackId', 'text'),
  column('played_at', 'playedAt', 'time'),
  column('ms_played', 'msPlayed', 'integer'),
  column('counted', 'counted', 'boolean'),
  column('not_counted_reason', 'notCountedReason', 'text', true),
  column('context_kind', 'contextKind', 'text', true),
  column('context_id', 'contextId', 'text', true),
  column('market', 'market', 'text', true),
  column('tier', 'tier', 'text', true),
  column('quality', 'quality', 'text', true),
  column('start_reason', 'startReason', 'text'),
  column('end_reason', 'endReason', 'text'),
  column('skipped', 'skipped', 'boolean'),
  column('offline', 'offline', 'boolean'),
  column('click_to_sound_ms', 'clickToSoundMs', 'integer', true),
  column('stalls', 'stalls', 'integer'),
  column('stalled_ms', 'stalledMs', 'integer'),
];
