import type { Connection } from '@medley/connection';
import type { PlaylistItem } from '../domain/playlist.ts';

/** A page of a playlist. */
export type ItemConnection = Connection<PlaylistItem>;
export type ItemEdge = ItemConnection['edges'][number];
