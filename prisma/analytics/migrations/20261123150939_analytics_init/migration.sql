-- The tables of a generation are partitioned by it, by hand: Prisma does not know partitions. Their partitions come with the generation.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "analytics";

-- CreateTable
CREATE TABLE "analytics"."generations" (
    "id" SMALLSERIAL NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "built_at" TIMESTAMPTZ(3),

    CONSTRAINT "generations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "analytics"."generation_positions" (
    "generation" SMALLINT NOT NULL,
    "topic" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "counted_from" BIGINT NOT NULL,
    "counted_to" BIGINT NOT NULL,

    CONSTRAINT "generation_positions_pkey" PRIMARY KEY ("generation","topic","partition")
);

-- CreateTable
CREATE TABLE "analytics"."play_series" (
    "generation" SMALLINT NOT NULL,
    "grain" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "market" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "plays" BIGINT NOT NULL,
    "too_short" BIGINT NOT NULL,
    "unverified" BIGINT NOT NULL,
    "grant_expired" BIGINT NOT NULL,
    "doubtful" BIGINT NOT NULL,
    "skipped" BIGINT NOT NULL,
    "ms_played" BIGINT NOT NULL,

    CONSTRAINT "play_series_pkey" PRIMARY KEY ("generation","grain","bucket","market","tier")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."track_plays" (
    "generation" SMALLINT NOT NULL,
    "market" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "track_id" UUID NOT NULL,
    "plays" BIGINT NOT NULL,

    CONSTRAINT "track_plays_pkey" PRIMARY KEY ("generation","market","day","track_id")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."track_totals" (
    "generation" SMALLINT NOT NULL,
    "track_id" UUID NOT NULL,
    "plays" BIGINT NOT NULL,

    CONSTRAINT "track_totals_pkey" PRIMARY KEY ("generation","track_id")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."listener_sketches" (
    "generation" SMALLINT NOT NULL,
    "scope" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "sketch" BYTEA NOT NULL,

    CONSTRAINT "listener_sketches_pkey" PRIMARY KEY ("generation","scope","day")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."account_days" (
    "generation" SMALLINT NOT NULL,
    "day" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "plays" BYTEA NOT NULL,

    CONSTRAINT "account_days_pkey" PRIMARY KEY ("generation","day","user_id")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."doubtful_plays" (
    "generation" SMALLINT NOT NULL,
    "play_id" UUID NOT NULL,
    "doubt" TEXT NOT NULL,
    "played_at" TIMESTAMPTZ(3) NOT NULL,
    "ms_played" BIGINT NOT NULL,
    "user_id" UUID NOT NULL,
    "track_id" UUID NOT NULL,
    "market" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "device_id" TEXT,
    "other_play_id" UUID NOT NULL,

    CONSTRAINT "doubtful_plays_pkey" PRIMARY KEY ("generation","play_id","user_id")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."decision_series" (
    "generation" SMALLINT NOT NULL,
    "grain" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "market" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "decisions" BIGINT NOT NULL,

    CONSTRAINT "decision_series_pkey" PRIMARY KEY ("generation","grain","bucket","market","tier","outcome")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."quality_series" (
    "generation" SMALLINT NOT NULL,
    "grain" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "market" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "quality" TEXT NOT NULL,
    "started" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "abandoned" BIGINT NOT NULL,
    "ms_played" BIGINT NOT NULL,
    "stalls" BIGINT NOT NULL,
    "stalled_ms" BIGINT NOT NULL,
    "stalled_starts" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "edge_hits" BIGINT NOT NULL,
    "edge_misses" BIGINT NOT NULL,

    CONSTRAINT "quality_series_pkey" PRIMARY KEY ("generation","grain","bucket","market","tier","quality")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."start_times" (
    "generation" SMALLINT NOT NULL,
    "grain" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "market" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "quality" TEXT NOT NULL,
    "bin" SMALLINT NOT NULL,
    "starts" BIGINT NOT NULL,

    CONSTRAINT "start_times_pkey" PRIMARY KEY ("generation","grain","bucket","market","tier","quality","bin")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."edge_series" (
    "generation" SMALLINT NOT NULL,
    "grain" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "node" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "refused" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "bytes_sent" BIGINT NOT NULL,
    "origin_fetches" BIGINT NOT NULL,
    "origin_failures" BIGINT NOT NULL,
    "origin_bytes" BIGINT NOT NULL,
    "malformed_lines" BIGINT NOT NULL,

    CONSTRAINT "edge_series_pkey" PRIMARY KEY ("generation","grain","bucket","node")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."edge_misses" (
    "generation" SMALLINT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "path" TEXT NOT NULL,
    "origin_fetches" BIGINT NOT NULL,
    "origin_bytes" BIGINT NOT NULL,

    CONSTRAINT "edge_misses_pkey" PRIMARY KEY ("generation","bucket","path")
) PARTITION BY LIST ("generation");

-- CreateTable
CREATE TABLE "analytics"."catalog_tracks" (
    "track_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "artist_ids" UUID[],
    "explicit" BOOLEAN NOT NULL,
    "withdrawn" BOOLEAN NOT NULL,
    "market_set" INTEGER NOT NULL,

    CONSTRAINT "catalog_tracks_pkey" PRIMARY KEY ("track_id")
);

-- CreateTable
CREATE TABLE "analytics"."market_sets" (
    "id" SERIAL NOT NULL,
    "markets" TEXT NOT NULL,

    CONSTRAINT "market_sets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "analytics"."track_popularity" (
    "track_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "popularity" SMALLINT NOT NULL,
    "plays" BIGINT NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,
    "is_told" BOOLEAN NOT NULL,

    CONSTRAINT "track_popularity_pkey" PRIMARY KEY ("track_id")
);

-- CreateTable
CREATE TABLE "analytics"."daily_work" (
    "name" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "daily_work_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "track_plays_generation_track_id_day_idx" ON "analytics"."track_plays"("generation", "track_id", "day");

-- CreateIndex
CREATE INDEX "doubtful_plays_generation_played_at_play_id_idx" ON "analytics"."doubtful_plays"("generation", "played_at", "play_id");

-- CreateIndex
CREATE INDEX "catalog_tracks_artist_ids_idx" ON "analytics"."catalog_tracks" USING GIN ("artist_ids");

-- CreateIndex
CREATE UNIQUE INDEX "market_sets_markets_key" ON "analytics"."market_sets"("markets");

-- AddForeignKey
ALTER TABLE "analytics"."catalog_tracks" ADD CONSTRAINT "catalog_tracks_market_set_fkey" FOREIGN KEY ("market_set") REFERENCES "analytics"."market_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
