-- AlterTable
ALTER TABLE "catalog"."track_artists" ADD COLUMN     "market_set_id" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "catalog"."market_sets" (
    "id" SERIAL NOT NULL,
    "codes" TEXT NOT NULL,

    CONSTRAINT "market_sets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "market_sets_codes_key" ON "catalog"."market_sets"("codes");

-- CreateIndex
CREATE INDEX "track_artists_artist_id_market_set_id_idx" ON "catalog"."track_artists"("artist_id", "market_set_id");

-- Written by hand from here on.

-- 0 for a set that is not noted: the empty one, and of a withdrawn track any.
CREATE FUNCTION "catalog"."market_set_of"(markets text[], withdrawn_at timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT id FROM catalog.market_sets WHERE withdrawn_at IS NULL AND codes = array_to_string(markets, ' ')), 0);
$$;

CREATE FUNCTION "catalog"."note_market_sets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.market_sets (codes)
    SELECT codes
    FROM (SELECT DISTINCT array_to_string(available_markets, ' ') AS codes FROM is_now WHERE withdrawn_at IS NULL) AS sets
    WHERE codes <> '' AND NOT EXISTS (SELECT FROM catalog.market_sets AS known WHERE known.codes = sets.codes);
    RETURN NULL;
END $$;
CREATE TRIGGER "note_market_sets" AFTER INSERT ON "catalog"."tracks"
    REFERENCING NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."note_market_sets"();
-- Before "spread_market_set": triggers of one event fire in the order of their names.
CREATE TRIGGER "note_market_sets_of_update" AFTER UPDATE ON "catalog"."tracks"
    REFERENCING NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."note_market_sets"();

CREATE FUNCTION "catalog"."spread_market_set"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog.track_artists
    SET market_set_id = catalog.market_set_of(is_now.available_markets, is_now.withdrawn_at)
    FROM is_now JOIN was USING (id)
    WHERE track_artists.track_id = is_now.id AND (
        is_now.available_markets <> was.available_markets
        OR (is_now.withdrawn_at IS NULL) <> (was.withdrawn_at IS NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER "spread_market_set" AFTER UPDATE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."spread_market_set"();

CREATE OR REPLACE FUNCTION "catalog"."fill_track_artist"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT popularity, catalog.market_set_of(available_markets, withdrawn_at)
    INTO NEW.popularity, NEW.market_set_id
    FROM catalog.tracks WHERE id = NEW.track_id;
    -- Without such a track the foreign key refuses the row.
    NEW.popularity := coalesce(NEW.popularity, 0);
    NEW.market_set_id := coalesce(NEW.market_set_id, 0);
    RETURN NEW;
END $$;

-- What is there already.
INSERT INTO "catalog"."market_sets" ("codes")
SELECT DISTINCT array_to_string(available_markets, ' ') FROM catalog.tracks
WHERE withdrawn_at IS NULL AND available_markets <> '{}';
UPDATE "catalog"."track_artists" SET market_set_id = catalog.market_set_of(available_markets, withdrawn_at)
FROM catalog.tracks WHERE tracks.id = track_id;
