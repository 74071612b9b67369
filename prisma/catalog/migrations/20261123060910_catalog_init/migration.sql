-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "catalog";

-- CreateEnum
CREATE TYPE "catalog"."album_type" AS ENUM ('ALBUM', 'SINGLE', 'EP', 'COMPILATION');

-- CreateEnum
CREATE TYPE "catalog"."release_date_precision" AS ENUM ('YEAR', 'MONTH', 'DAY');

-- CreateTable
CREATE TABLE "catalog"."artists" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "bio" TEXT,
    "popularity" SMALLINT NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "provenance" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "artists_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."genres" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "provenance" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "genres_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."artist_genres" (
    "artist_id" UUID NOT NULL,
    "genre_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "popularity" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT "artist_genres_pkey" PRIMARY KEY ("artist_id","genre_id")
);

-- CreateTable
CREATE TABLE "catalog"."albums" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "type" "catalog"."album_type",
    "release_date" DATE,
    "release_date_precision" "catalog"."release_date_precision",
    "label" TEXT,
    "copyright" TEXT,
    "upc" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "provenance" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "albums_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."album_artists" (
    "album_id" UUID NOT NULL,
    "artist_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "release_date" DATE NOT NULL DEFAULT '0001-01-01'::date,

    CONSTRAINT "album_artists_pkey" PRIMARY KEY ("album_id","artist_id")
);

-- CreateTable
CREATE TABLE "catalog"."tracks" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "album_id" UUID,
    "duration_ms" INTEGER NOT NULL,
    "explicit" BOOLEAN NOT NULL DEFAULT false,
    "isrc" TEXT,
    "disc_number" SMALLINT,
    "track_number" SMALLINT,
    "popularity" SMALLINT NOT NULL DEFAULT 0,
    "available_markets" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "encodings" TEXT[] NOT NULL DEFAULT ARRAY['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS']::TEXT[],
    "withdrawn_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "provenance" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "tracks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."track_artists" (
    "track_id" UUID NOT NULL,
    "artist_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "popularity" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT "track_artists_pkey" PRIMARY KEY ("track_id","artist_id")
);

-- CreateTable
CREATE TABLE "catalog"."genre_tracks" (
    "track_id" UUID NOT NULL,
    "genre_id" UUID NOT NULL,
    "popularity" SMALLINT NOT NULL,

    CONSTRAINT "genre_tracks_pkey" PRIMARY KEY ("track_id","genre_id")
);

-- CreateTable
CREATE TABLE "catalog"."markets" (
    "code" CHAR(2) NOT NULL,
    "playable_tracks" BIGINT NOT NULL,

    CONSTRAINT "markets_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "catalog"."outbox" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalog"."tombstones" (
    "key" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "artists_popularity_id_idx" ON "catalog"."artists"("popularity", "id");

-- CreateIndex
CREATE UNIQUE INDEX "genres_slug_key" ON "catalog"."genres"("slug");

-- CreateIndex
CREATE INDEX "genres_name_id_idx" ON "catalog"."genres"("name", "id");

-- CreateIndex
CREATE INDEX "artist_genres_genre_id_popularity_artist_id_idx" ON "catalog"."artist_genres"("genre_id", "popularity", "artist_id");

-- CreateIndex
CREATE INDEX "albums_release_date_id_idx" ON "catalog"."albums"("release_date", "id");

-- CreateIndex
CREATE INDEX "album_artists_artist_id_release_date_album_id_idx" ON "catalog"."album_artists"("artist_id", "release_date", "album_id");

-- CreateIndex
CREATE INDEX "tracks_album_id_idx" ON "catalog"."tracks"("album_id");

-- CreateIndex
CREATE INDEX "tracks_isrc_popularity_id_idx" ON "catalog"."tracks"("isrc", "popularity", "id");

-- CreateIndex
CREATE INDEX "track_artists_artist_id_popularity_track_id_idx" ON "catalog"."track_artists"("artist_id", "popularity", "track_id");

-- CreateIndex
CREATE INDEX "genre_tracks_genre_id_popularity_track_id_idx" ON "catalog"."genre_tracks"("genre_id", "popularity", "track_id");

-- AddForeignKey
ALTER TABLE "catalog"."artist_genres" ADD CONSTRAINT "artist_genres_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "catalog"."artists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."artist_genres" ADD CONSTRAINT "artist_genres_genre_id_fkey" FOREIGN KEY ("genre_id") REFERENCES "catalog"."genres"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."album_artists" ADD CONSTRAINT "album_artists_album_id_fkey" FOREIGN KEY ("album_id") REFERENCES "catalog"."albums"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."album_artists" ADD CONSTRAINT "album_artists_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "catalog"."artists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."tracks" ADD CONSTRAINT "tracks_album_id_fkey" FOREIGN KEY ("album_id") REFERENCES "catalog"."albums"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."track_artists" ADD CONSTRAINT "track_artists_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "catalog"."tracks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalog"."track_artists" ADD CONSTRAINT "track_artists_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "catalog"."artists"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand from here on, and three words above (COLLATE "C" on genres.name, NOT NULL on the arrays): what
-- Prisma's schema cannot say.

-- The domain checks these first, with messages for people. Here they hold whoever writes.
ALTER TABLE "catalog"."artists" ADD CONSTRAINT "artists_popularity_check" CHECK ("popularity" BETWEEN 0 AND 100);

ALTER TABLE "catalog"."genres" ADD CONSTRAINT "genres_slug_check" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

ALTER TABLE "catalog"."albums"
    ADD CONSTRAINT "albums_release_date_check" CHECK ("release_date" > '0001-01-01'),
    ADD CONSTRAINT "albums_release_date_precision_check" CHECK (("release_date" IS NULL) = ("release_date_precision" IS NULL));

ALTER TABLE "catalog"."tracks"
    ADD CONSTRAINT "tracks_duration_ms_check" CHECK ("duration_ms" > 0),
    ADD CONSTRAINT "tracks_isrc_check" CHECK ("isrc" ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'),
    ADD CONSTRAINT "tracks_disc_number_check" CHECK ("disc_number" > 0),
    ADD CONSTRAINT "tracks_track_number_check" CHECK ("track_number" > 0),
    ADD CONSTRAINT "tracks_popularity_check" CHECK ("popularity" BETWEEN 0 AND 100),
    ADD CONSTRAINT "tracks_available_markets_check" CHECK (array_to_string("available_markets", ',', '?') ~ '^([A-Z]{2}(,[A-Z]{2})*)?$'),
    ADD CONSTRAINT "tracks_encodings_check" CHECK ("encodings" <@ ARRAY['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS']);

-- For the relay: what is not published yet, however much was.
CREATE INDEX "outbox_unpublished_idx" ON "catalog"."outbox"("id") WHERE "published_at" IS NULL;

-- Writers one after the other: the first write of a transaction takes the lock before it takes any row, and keeps it
-- until the commit. So ids of the outbox are in the order of commits, writers never deadlock, and what the triggers
-- below derive is derived from everything that was committed.
CREATE FUNCTION "catalog"."serialise_writers"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('catalog.outbox'));
    RETURN NULL;
END $$;

CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."artists"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."genres"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."artist_genres"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."albums"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."album_artists"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."tracks"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."track_artists"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT ON "catalog"."outbox"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();

-- Sort keys stand beside the foreign keys, so that a page of an artist's or a genre's list is a piece of one index.
CREATE FUNCTION "catalog"."fill_artist_genre"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.popularity := coalesce((SELECT popularity FROM catalog.artists WHERE id = NEW.artist_id), 0);
    RETURN NEW;
END $$;
CREATE TRIGGER "fill_artist_genre" BEFORE INSERT ON "catalog"."artist_genres"
    FOR EACH ROW EXECUTE FUNCTION "catalog"."fill_artist_genre"();

CREATE FUNCTION "catalog"."fill_album_artist"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.release_date := coalesce((SELECT release_date FROM catalog.albums WHERE id = NEW.album_id), '0001-01-01');
    RETURN NEW;
END $$;
CREATE TRIGGER "fill_album_artist" BEFORE INSERT ON "catalog"."album_artists"
    FOR EACH ROW EXECUTE FUNCTION "catalog"."fill_album_artist"();

CREATE FUNCTION "catalog"."fill_track_artist"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.popularity := coalesce((SELECT popularity FROM catalog.tracks WHERE id = NEW.track_id), 0);
    RETURN NEW;
END $$;
CREATE TRIGGER "fill_track_artist" BEFORE INSERT ON "catalog"."track_artists"
    FOR EACH ROW EXECUTE FUNCTION "catalog"."fill_track_artist"();

CREATE FUNCTION "catalog"."spread_artist_popularity"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog.artist_genres SET popularity = is_now.popularity
    FROM is_now JOIN was USING (id)
    WHERE is_now.popularity <> was.popularity AND artist_genres.artist_id = is_now.id;
    RETURN NULL;
END $$;
CREATE TRIGGER "spread_artist_popularity" AFTER UPDATE ON "catalog"."artists"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."spread_artist_popularity"();

CREATE FUNCTION "catalog"."spread_release_date"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog.album_artists SET release_date = coalesce(is_now.release_date, '0001-01-01')
    FROM is_now JOIN was USING (id)
    WHERE is_now.release_date IS DISTINCT FROM was.release_date AND album_artists.album_id = is_now.id;
    RETURN NULL;
END $$;
CREATE TRIGGER "spread_release_date" AFTER UPDATE ON "catalog"."albums"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."spread_release_date"();

CREATE FUNCTION "catalog"."spread_track_popularity"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog.track_artists SET popularity = is_now.popularity
    FROM is_now JOIN was USING (id)
    WHERE is_now.popularity <> was.popularity AND track_artists.track_id = is_now.id;
    UPDATE catalog.genre_tracks SET popularity = is_now.popularity
    FROM is_now JOIN was USING (id)
    WHERE is_now.popularity <> was.popularity AND genre_tracks.track_id = is_now.id;
    RETURN NULL;
END $$;
CREATE TRIGGER "spread_track_popularity" AFTER UPDATE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."spread_track_popularity"();

-- A track has the genres of its artists.
CREATE FUNCTION "catalog"."refresh_genre_tracks"(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM catalog.genre_tracks
    WHERE track_id = ANY (ids) AND NOT EXISTS (
        SELECT 1 FROM catalog.track_artists
        JOIN catalog.artist_genres USING (artist_id)
        WHERE track_artists.track_id = genre_tracks.track_id AND artist_genres.genre_id = genre_tracks.genre_id);
    INSERT INTO catalog.genre_tracks (track_id, genre_id, popularity)
    SELECT DISTINCT track_artists.track_id, artist_genres.genre_id, track_artists.popularity
    FROM catalog.track_artists JOIN catalog.artist_genres USING (artist_id)
    WHERE track_artists.track_id = ANY (ids)
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION "catalog"."refresh_genres_of_tracks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog.refresh_genre_tracks(ARRAY(SELECT DISTINCT track_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER "refresh_genres_after_insert" AFTER INSERT ON "catalog"."track_artists"
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."refresh_genres_of_tracks"();
CREATE TRIGGER "refresh_genres_after_delete" AFTER DELETE ON "catalog"."track_artists"
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."refresh_genres_of_tracks"();

CREATE FUNCTION "catalog"."refresh_tracks_of_artists"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog.refresh_genre_tracks(ARRAY(
        SELECT DISTINCT track_id FROM catalog.track_artists WHERE artist_id IN (SELECT artist_id FROM changed)));
    RETURN NULL;
END $$;
CREATE TRIGGER "refresh_tracks_after_insert" AFTER INSERT ON "catalog"."artist_genres"
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."refresh_tracks_of_artists"();
CREATE TRIGGER "refresh_tracks_after_delete" AFTER DELETE ON "catalog"."artist_genres"
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."refresh_tracks_of_artists"();

-- How many tracks of these sets of markets came or went. Grouped by set first: there are few sets and many tracks.
CREATE FUNCTION "catalog"."count_markets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.markets (code, playable_tracks)
    SELECT code, sum(tracks)
    FROM (SELECT available_markets, count(*) AS tracks FROM is_now WHERE withdrawn_at IS NULL GROUP BY 1) sets,
        unnest(available_markets) AS code
    GROUP BY code
    ON CONFLICT (code) DO UPDATE SET playable_tracks = markets.playable_tracks + excluded.playable_tracks;
    RETURN NULL;
END $$;
CREATE FUNCTION "catalog"."uncount_markets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.markets (code, playable_tracks)
    SELECT code, -sum(tracks)
    FROM (SELECT available_markets, count(*) AS tracks FROM was WHERE withdrawn_at IS NULL GROUP BY 1) sets,
        unnest(available_markets) AS code
    GROUP BY code
    ON CONFLICT (code) DO UPDATE SET playable_tracks = markets.playable_tracks + excluded.playable_tracks;
    RETURN NULL;
END $$;
CREATE FUNCTION "catalog"."recount_markets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.markets (code, playable_tracks)
    SELECT code, sum(tracks)
    FROM (
            SELECT available_markets, count(*) AS tracks FROM is_now WHERE withdrawn_at IS NULL GROUP BY 1
            UNION ALL
            SELECT available_markets, -count(*) FROM was WHERE withdrawn_at IS NULL GROUP BY 1
        ) sets,
        unnest(available_markets) AS code
    GROUP BY code
    HAVING sum(tracks) <> 0
    ON CONFLICT (code) DO UPDATE SET playable_tracks = markets.playable_tracks + excluded.playable_tracks;
    RETURN NULL;
END $$;
CREATE TRIGGER "count_markets" AFTER INSERT ON "catalog"."tracks"
    REFERENCING NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."count_markets"();
CREATE TRIGGER "uncount_markets" AFTER DELETE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."uncount_markets"();
CREATE TRIGGER "recount_markets" AFTER UPDATE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."recount_markets"();
