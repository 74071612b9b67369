-- The tables of a model are partitioned by it, by hand: Prisma does not know partitions. Their partitions come with the model.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "recommendations";

-- CreateTable
CREATE TABLE "recommendations"."catalog_tracks" (
    "track_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "explicit" BOOLEAN NOT NULL,
    "withdrawn" BOOLEAN NOT NULL,
    "popularity" SMALLINT NOT NULL,
    "album_id" UUID,
    "artist_ids" UUID[],
    "genre_ids" UUID[],
    "main_genre" UUID,
    "features" REAL[],
    "market_set" INTEGER NOT NULL,

    CONSTRAINT "catalog_tracks_pkey" PRIMARY KEY ("track_id")
);

-- CreateTable
CREATE TABLE "recommendations"."market_sets" (
    "id" SERIAL NOT NULL,
    "markets" TEXT NOT NULL,

    CONSTRAINT "market_sets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendations"."catalog_artists" (
    "artist_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "popularity" SMALLINT NOT NULL,
    "genre_ids" UUID[],

    CONSTRAINT "catalog_artists_pkey" PRIMARY KEY ("artist_id")
);

-- CreateTable
CREATE TABLE "recommendations"."catalog_albums" (
    "album_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "artist_ids" UUID[],
    "released_on" DATE,

    CONSTRAINT "catalog_albums_pkey" PRIMARY KEY ("album_id")
);

-- CreateTable
CREATE TABLE "recommendations"."catalog_genres" (
    "genre_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" UUID,

    CONSTRAINT "catalog_genres_pkey" PRIMARY KEY ("genre_id")
);

-- CreateTable
CREATE TABLE "recommendations"."models" (
    "id" SERIAL NOT NULL,
    "version" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "refusal" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "trained_at" TIMESTAMPTZ(3),
    "figures" JSONB NOT NULL,
    "plays_until" TIMESTAMPTZ(3),

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendations"."neighbours" (
    "model_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "item_id" UUID NOT NULL,
    "others" UUID[],
    "scores" REAL[],
    "reasons" TEXT NOT NULL,

    CONSTRAINT "neighbours_pkey" PRIMARY KEY ("model_id","kind","item_id")
) PARTITION BY LIST ("model_id");

-- CreateTable
CREATE TABLE "recommendations"."factors" (
    "model_id" INTEGER NOT NULL,
    "track_id" UUID NOT NULL,
    "factors" TEXT NOT NULL,

    CONSTRAINT "factors_pkey" PRIMARY KEY ("model_id","track_id")
) PARTITION BY LIST ("model_id");

-- CreateTable
CREATE TABLE "recommendations"."popular_tracks" (
    "model_id" INTEGER NOT NULL,
    "market" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "track_id" UUID NOT NULL,

    CONSTRAINT "popular_tracks_pkey" PRIMARY KEY ("model_id","market","rank")
) PARTITION BY LIST ("model_id");

-- CreateTable
CREATE TABLE "recommendations"."archived_plays" (
    "id" BIGSERIAL NOT NULL,
    "day" DATE NOT NULL,
    "play" JSONB NOT NULL,
    "part" UUID,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "archived_plays_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendations"."scheduled_work" (
    "name" TEXT NOT NULL,
    "done" TEXT,
    "place" JSONB,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "scheduled_work_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "recommendations"."play_history" (
    "user_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "played_at" TIMESTAMPTZ(3) NOT NULL,
    "track_id" UUID NOT NULL,
    "ms_played" INTEGER NOT NULL,
    "counted" BOOLEAN NOT NULL,
    "skipped" BOOLEAN NOT NULL,
    "context_kind" TEXT,
    "context_id" TEXT,

    CONSTRAINT "play_history_pkey" PRIMARY KEY ("user_id","event_id")
);

-- CreateTable
CREATE TABLE "recommendations"."taste_profiles" (
    "user_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "profile" TEXT NOT NULL,

    CONSTRAINT "taste_profiles_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "recommendations"."library_entries" (
    "user_id" UUID NOT NULL,
    "item_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "in_library" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "library_entries_pkey" PRIMARY KEY ("user_id","item_id")
);

-- CreateTable
CREATE TABLE "recommendations"."mixes" (
    "mix_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" SMALLINT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "fixed_until" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "mixes_pkey" PRIMARY KEY ("mix_id")
);

-- CreateIndex
-- Read far more than written: without a list of what is still to be put in, through which each search would go.
CREATE INDEX "catalog_tracks_artist_ids_idx" ON "recommendations"."catalog_tracks" USING GIN ("artist_ids") WITH (fastupdate = off);

-- CreateIndex
CREATE INDEX "catalog_tracks_market_set_popularity_track_id_idx" ON "recommendations"."catalog_tracks"("market_set", "popularity" DESC, "track_id");

-- CreateIndex
CREATE INDEX "catalog_tracks_main_genre_popularity_track_id_idx" ON "recommendations"."catalog_tracks"("main_genre", "popularity" DESC, "track_id");

-- CreateIndex
CREATE INDEX "catalog_tracks_album_id_idx" ON "recommendations"."catalog_tracks"("album_id");

-- CreateIndex
CREATE UNIQUE INDEX "market_sets_markets_key" ON "recommendations"."market_sets"("markets");

-- CreateIndex
-- Read far more than written: without a list of what is still to be put in, through which each search would go.
CREATE INDEX "catalog_albums_artist_ids_idx" ON "recommendations"."catalog_albums" USING GIN ("artist_ids") WITH (fastupdate = off);

-- CreateIndex
CREATE INDEX "catalog_albums_released_on_idx" ON "recommendations"."catalog_albums"("released_on");

-- CreateIndex
CREATE UNIQUE INDEX "models_version_key" ON "recommendations"."models"("version");

-- CreateIndex
CREATE INDEX "archived_plays_part_day_id_idx" ON "recommendations"."archived_plays"("part", "day", "id");

-- CreateIndex
CREATE INDEX "play_history_user_id_played_at_event_id_idx" ON "recommendations"."play_history"("user_id", "played_at" DESC, "event_id" DESC);

-- CreateIndex
CREATE INDEX "mixes_user_id_fixed_until_idx" ON "recommendations"."mixes"("user_id", "fixed_until");

-- CreateIndex
CREATE INDEX "mixes_fixed_until_idx" ON "recommendations"."mixes"("fixed_until");

-- AddForeignKey
ALTER TABLE "recommendations"."catalog_tracks" ADD CONSTRAINT "catalog_tracks_market_set_fkey" FOREIGN KEY ("market_set") REFERENCES "recommendations"."market_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The ids of plays that are in the archive, or on their way there (@medley/inbox); its partitions come by themselves
CREATE TABLE recommendations.claimed_archive (
  id uuid NOT NULL,
  day date NOT NULL,
  content_hash bigint NOT NULL,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
