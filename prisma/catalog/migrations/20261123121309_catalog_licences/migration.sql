-- CreateTable
CREATE TABLE "catalog"."licence_windows" (
    "track_id" UUID NOT NULL,
    "market" CHAR(2) NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity'::timestamp with time zone,
    "valid_until" TIMESTAMPTZ(3) NOT NULL DEFAULT 'infinity'::timestamp with time zone,

    CONSTRAINT "licence_windows_pkey" PRIMARY KEY ("track_id","market","valid_from")
);

-- CreateTable
CREATE TABLE "catalog"."licence_changes" (
    "seq" BIGSERIAL NOT NULL,
    "track_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "licence_changes_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "catalog"."licence_clock" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "applied_until" TIMESTAMPTZ(3) NOT NULL,
    "applied_track" UUID NOT NULL,
    "pruned_until" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "licence_clock_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "licence_windows_valid_from_track_id_idx" ON "catalog"."licence_windows"("valid_from", "track_id");

-- CreateIndex
CREATE INDEX "licence_windows_valid_until_track_id_idx" ON "catalog"."licence_windows"("valid_until", "track_id");

-- CreateIndex
CREATE INDEX "licence_windows_market_valid_until_track_id_idx" ON "catalog"."licence_windows"("market", "valid_until", "track_id");

-- AddForeignKey
ALTER TABLE "catalog"."licence_windows" ADD CONSTRAINT "licence_windows_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "catalog"."tracks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand from here on.

ALTER TABLE "catalog"."licence_windows"
    ADD CONSTRAINT "licence_windows_market_check" CHECK ("market" ~ '^[A-Z]{2}$'),
    ADD CONSTRAINT "licence_windows_valid_check" CHECK ("valid_from" < "valid_until");

ALTER TABLE "catalog"."licence_clock" ADD CONSTRAINT "licence_clock_id_check" CHECK ("id");
INSERT INTO "catalog"."licence_clock" ("applied_until", "applied_track")
VALUES (now(), 'ffffffff-ffff-ffff-ffff-ffffffffffff');

-- Of one track and market they neither overlap nor touch: the end of a window is an end.
CREATE FUNCTION "catalog"."check_windows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM is_now JOIN catalog.licence_windows AS other USING (track_id, market)
        WHERE other.valid_from <> is_now.valid_from
            AND other.valid_from <= is_now.valid_until AND is_now.valid_from <= other.valid_until)
    THEN
        RAISE EXCEPTION 'licence windows of one track and market overlap or touch' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "check_new_windows" AFTER INSERT ON "catalog"."licence_windows"
    REFERENCING NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."check_windows"();
CREATE TRIGGER "check_moved_windows" AFTER UPDATE ON "catalog"."licence_windows"
    REFERENCING NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."check_windows"();

-- Whoever changes licences is a writer too: the numbers of licence_changes are given under the lock that is held until
-- the commit, so they are in the order of commits.
CREATE TRIGGER "serialise_writers" BEFORE INSERT OR UPDATE OR DELETE ON "catalog"."licence_windows"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();
CREATE TRIGGER "serialise_writers" BEFORE INSERT ON "catalog"."licence_changes"
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."serialise_writers"();

-- New tracks are not told: nobody has facts of them, and nobody keeps that there are none.
CREATE FUNCTION "catalog"."tell_changed_facts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.licence_changes (track_id)
    SELECT is_now.id
    FROM is_now JOIN was USING (id)
    WHERE is_now.available_markets <> was.available_markets
        OR (is_now.withdrawn_at IS NULL) <> (was.withdrawn_at IS NULL)
        OR is_now.explicit <> was.explicit
        OR is_now.encodings <> was.encodings
        OR is_now.isrc IS DISTINCT FROM was.isrc
        OR is_now.duration_ms <> was.duration_ms
        OR is_now.album_id IS DISTINCT FROM was.album_id;
    RETURN NULL;
END $$;
CREATE TRIGGER "tell_changed_facts" AFTER UPDATE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_changed_facts"();

CREATE FUNCTION "catalog"."tell_deleted_tracks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.licence_changes (track_id) SELECT id FROM was;
    RETURN NULL;
END $$;
CREATE TRIGGER "tell_deleted_tracks" AFTER DELETE ON "catalog"."tracks"
    REFERENCING OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_deleted_tracks"();

CREATE FUNCTION "catalog"."tell_changed_releases"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.licence_changes (track_id)
    SELECT tracks.id
    FROM is_now JOIN was USING (id) JOIN catalog.tracks ON tracks.album_id = is_now.id
    WHERE is_now.release_date IS DISTINCT FROM was.release_date;
    RETURN NULL;
END $$;
CREATE TRIGGER "tell_changed_releases" AFTER UPDATE ON "catalog"."albums"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_changed_releases"();

-- Facts tell when windows begin and end, so they change with these, also where it makes no difference today.
CREATE FUNCTION "catalog"."tell_changed_windows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.licence_changes (track_id) SELECT DISTINCT track_id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER "tell_new_windows" AFTER INSERT ON "catalog"."licence_windows"
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_changed_windows"();
CREATE TRIGGER "tell_removed_windows" AFTER DELETE ON "catalog"."licence_windows"
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_changed_windows"();

CREATE FUNCTION "catalog"."tell_moved_windows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.licence_changes (track_id) SELECT track_id FROM was UNION SELECT track_id FROM is_now;
    RETURN NULL;
END $$;
CREATE TRIGGER "tell_moved_windows" AFTER UPDATE ON "catalog"."licence_windows"
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now
    FOR EACH STATEMENT EXECUTE FUNCTION "catalog"."tell_moved_windows"();
