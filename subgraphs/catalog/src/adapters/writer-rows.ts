import { toAudioFeatures } from '../domain/audio-features.ts';
import type { AlbumValues, ArtistValues, GenreValues, TrackValues } from '../domain/catalog-writer.ts';
import type { Provenance } from '../domain/provenance.ts';

/** A row with what links to it, as the writer reads and writes it. */
export interface WriterRow<Values> {
  readonly id: string;
  readonly version: number;
  readonly values: Values;
  readonly provenance: Provenance;
}

/** How rows of one kind are read and written, a batch per statement. Each statement has one parameter, a JSON array. */
export interface WriterTable<Values> {
  /** What a row holds that nobody described. */
  readonly standIn: (id: string) => Values;
  /** The field by which people know the row: as long as no source carries it, the row is a stand-in. */
  readonly name: keyof Values & string;
  /** ids → `row`, each a `WriterRow`. */
  readonly read: string;
  /** `WriterRow`s → what they become. */
  readonly write: string;
  /** What the row links to, in order. */
  readonly links?: {
    readonly of: (values: Values) => readonly string[];
    /** ids → the rows link to nothing. */
    readonly remove: string;
    /** `{id, ids}` → the rows link to these. */
    readonly add: string;
  };
  /** Makes values smaller for the way there, and back; where the statements do the same on their side. */
  readonly packing?: {
    readonly pack: (values: Values) => object;
    readonly unpack: () => (packed: Values) => Values;
  };
}

export const genreTable: WriterTable<GenreValues> = {
  standIn: (id) => ({ slug: `unknown-${id}`, name: 'Unknown genre', parentId: null }),
  name: 'name',
  read: `SELECT jsonb_build_object('id', g.id, 'version', g.version, 'provenance', g.provenance,
      'values', jsonb_build_object('slug', g.slug, 'name', g.name, 'parentId', g.parent_id)) AS row
    FROM catalog.genres g WHERE g.id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))`,
  write: `INSERT INTO catalog.genres (id, version, provenance, slug, name, parent_id)
    SELECT r.id, r.version, r.provenance, v.slug, v.name, v."parentId"
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, version int, provenance jsonb, values jsonb),
      jsonb_to_record(r.values) AS v(slug text, name text, "parentId" uuid)
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, provenance = EXCLUDED.provenance,
      slug = EXCLUDED.slug, name = EXCLUDED.name, parent_id = EXCLUDED.parent_id`,
};

export const artistTable: WriterTable<ArtistValues> = {
  standIn: () => ({ name: 'Unknown artist', bio: null, popularity: 0, genreIds: [] }),
  name: 'name',
  read: `SELECT jsonb_build_object('id', a.id, 'version', a.version, 'provenance', a.provenance,
      'values', jsonb_build_object('name', a.name, 'bio', a.bio, 'popularity', a.popularity,
        'genreIds', ${linkedIds('artist_genres', 'artist_id', 'genre_id', 'a.id')})) AS row
    FROM catalog.artists a WHERE a.id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))`,
  write: `INSERT INTO catalog.artists (id, version, provenance, name, bio, popularity)
    SELECT r.id, r.version, r.provenance, v.name, v.bio, v.popularity
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, version int, provenance jsonb, values jsonb),
      jsonb_to_record(r.values) AS v(name text, bio text, popularity smallint)
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, provenance = EXCLUDED.provenance,
      name = EXCLUDED.name, bio = EXCLUDED.bio, popularity = EXCLUDED.popularity`,
  links: {
    of: ({ genreIds }) => genreIds,
    ...linkStatements('artist_genres', 'artist_id', 'genre_id'),
  },
};

export const albumTable: WriterTable<AlbumValues> = {
  standIn: () => ({
    title: 'Unknown album',
    type: null,
    release: null,
    label: null,
    copyright: null,
    upc: null,
    artistIds: [],
  }),
  name: 'title',
  read: `SELECT jsonb_build_object('id', a.id, 'version', a.version, 'provenance', a.provenance,
      'values', jsonb_build_object('title', a.title, 'type', a.type,
        'release', CASE WHEN a.release_date IS NULL THEN NULL
          ELSE json_build_object('date', a.release_date, 'precision', a.release_date_precision)::jsonb END,
        'label', a.label, 'copyright', a.copyright, 'upc', a.upc,
        'artistIds', ${linkedIds('album_artists', 'album_id', 'artist_id', 'a.id')})) AS row
    FROM catalog.albums a WHERE a.id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))`,
  write: `INSERT INTO catalog.albums (id, version, provenance, title, type, release_date, release_date_precision,
      label, copyright, upc)
    SELECT r.id, r.version, r.provenance, v.title, v.type, (v.release->>'date')::date,
      (v.release->>'precision')::catalog.release_date_precision, v.label, v.copyright, v.upc
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, version int, provenance jsonb, values jsonb),
      jsonb_to_record(r.values) AS v(title text, type catalog.album_type, release jsonb, label text,
        copyright text, upc text)
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, provenance = EXCLUDED.provenance,
      title = EXCLUDED.title, type = EXCLUDED.type, release_date = EXCLUDED.release_date,
      release_date_precision = EXCLUDED.release_date_precision, label = EXCLUDED.label,
      copyright = EXCLUDED.copyright, upc = EXCLUDED.upc`,
  links: {
    of: ({ artistIds }) => artistIds,
    ...linkStatements('album_artists', 'album_id', 'artist_id'),
  },
};

export const trackTable: WriterTable<TrackValues> = {
  standIn: () => ({
    title: 'Unknown track',
    albumId: null,
    durationMs: 0,
    explicit: false,
    isrc: null,
    discNumber: null,
    trackNumber: null,
    popularity: 0,
    availableMarkets: [],
    encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'],
    withdrawnAt: null,
    audioFeatures: null,
    artistIds: [],
  }),
  name: 'title',
  read: `SELECT jsonb_build_object('id', t.id, 'version', t.version, 'provenance', t.provenance,
      'values', jsonb_build_object('title', t.title, 'albumId', t.album_id, 'durationMs', t.duration_ms,
        'explicit', t.explicit, 'isrc', t.isrc, 'discNumber', t.disc_number, 'trackNumber', t.track_number,
        'popularity', t.popularity, 'availableMarkets', array_to_string(t.available_markets, ' '),
        'encodings', to_jsonb(t.encodings),
        'withdrawnAt', to_char(t.withdrawn_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'audioFeatures', CASE WHEN t.energy IS NOT NULL THEN jsonb_build_object('tempoBpm', t.tempo_bpm,
          'energy', t.energy, 'valence', t.valence, 'danceability', t.danceability,
          'acousticness', t.acousticness, 'instrumentalness', t.instrumentalness) END,
        'artistIds', ${linkedIds('track_artists', 'track_id', 'artist_id', 't.id')})) AS row
    FROM catalog.tracks t WHERE t.id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))`,
  write: `INSERT INTO catalog.tracks (id, version, provenance, title, album_id, duration_ms, explicit, isrc,
      disc_number, track_number, popularity, available_markets, encodings, withdrawn_at,
      tempo_bpm, energy, valence, danceability, acousticness, instrumentalness)
    SELECT r.id, r.version, r.provenance, v.title, v."albumId", v."durationMs", v.explicit, v.isrc,
      v."discNumber", v."trackNumber", v.popularity, string_to_array(v."availableMarkets", ' '),
      v.encodings, v."withdrawnAt", f."tempoBpm", f.energy, f.valence, f.danceability, f.acousticness, f.instrumentalness
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, version int, provenance jsonb, values jsonb),
      jsonb_to_record(r.values) AS v(title text, "albumId" uuid, "durationMs" int, explicit boolean, isrc text,
        "discNumber" smallint, "trackNumber" smallint, popularity smallint, "availableMarkets" text,
        encodings text[], "withdrawnAt" timestamptz, "audioFeatures" jsonb),
      jsonb_to_record(coalesce(nullif(v."audioFeatures", 'null'), '{}')) AS f("tempoBpm" real, energy real, valence real,
        danceability real, acousticness real, instrumentalness real)
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, provenance = EXCLUDED.provenance,
      title = EXCLUDED.title, album_id = EXCLUDED.album_id, duration_ms = EXCLUDED.duration_ms,
      explicit = EXCLUDED.explicit, isrc = EXCLUDED.isrc, disc_number = EXCLUDED.disc_number,
      track_number = EXCLUDED.track_number, popularity = EXCLUDED.popularity,
      available_markets = EXCLUDED.available_markets, encodings = EXCLUDED.encodings,
      withdrawn_at = EXCLUDED.withdrawn_at, tempo_bpm = EXCLUDED.tempo_bpm, energy = EXCLUDED.energy,
      valence = EXCLUDED.valence, danceability = EXCLUDED.danceability, acousticness = EXCLUDED.acousticness,
      instrumentalness = EXCLUDED.instrumentalness`,
  links: {
    of: ({ artistIds }) => artistIds,
    ...linkStatements('track_artists', 'track_id', 'artist_id'),
  },
  // Markets as one text: a worldwide track names 250 of them, and few sets of them are different.
  packing: {
    pack: (values) => ({ ...values, availableMarkets: values.availableMarkets.join(' ') }),
    unpack: () => {
      const sets = new Map<unknown, readonly string[]>();
      return (packed) => {
        const text = packed.availableMarkets as unknown as string;
        const markets = sets.get(text) ?? (text === '' ? [] : text.split(' '));
        sets.set(text, markets);
        const { audioFeatures } = packed;
        return {
          ...packed,
          availableMarkets: markets,
          // Jsonb has its own order of keys.
          audioFeatures: audioFeatures && toAudioFeatures(audioFeatures),
        };
      };
    },
  },
};

function linkedIds(table: string, from: string, to: string, owner: string): string {
  return `coalesce((SELECT jsonb_agg(l.${to} ORDER BY l.position) FROM catalog.${table} l
    WHERE l.${from} = ${owner}), '[]'::jsonb)`;
}

function linkStatements(table: string, from: string, to: string) {
  return {
    remove: `DELETE FROM catalog.${table}
      WHERE ${from} = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::uuid))`,
    add: `INSERT INTO catalog.${table} (${from}, ${to}, position)
      SELECT (r->>'id')::uuid, l.id::uuid, l.place - 1
      FROM jsonb_array_elements($1::jsonb) r,
        jsonb_array_elements_text(r->'ids') WITH ORDINALITY AS l(id, place)`,
  };
}
