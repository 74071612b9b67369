-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "playlists";

-- CreateEnum
CREATE TYPE "playlists"."privacy" AS ENUM ('PUBLIC', 'UNLISTED', 'PRIVATE');

-- CreateEnum
CREATE TYPE "playlists"."saved_kind" AS ENUM ('TRACK', 'ALBUM', 'ARTIST');

-- CreateTable
CREATE TABLE "playlists"."playlists" (
    "id" UUID NOT NULL,
    "owner_id" UUID,
    "created_at" TIMESTAMPTZ(3),
    "created_clock" TEXT COLLATE "C",
    "name" TEXT,
    "name_clock" TEXT COLLATE "C",
    "description" TEXT,
    "description_clock" TEXT COLLATE "C",
    "privacy" "playlists"."privacy",
    "privacy_clock" TEXT COLLATE "C",
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "clock" TEXT COLLATE "C" NOT NULL,
    "revisions" JSONB NOT NULL DEFAULT '{}',
    "compacted" JSONB NOT NULL DEFAULT '{}',
    "item_count" INTEGER NOT NULL DEFAULT 0,
    "follower_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "playlists_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "playlists"."playlist_items" (
    "playlist_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "track_id" UUID,
    "album_id" UUID,
    "added_at" TIMESTAMPTZ(3),
    "added_by" UUID,
    "added_clock" TEXT COLLATE "C",
    "added_replica" TEXT,
    "added_revision" INTEGER,
    "position" TEXT COLLATE "C",
    "position_clock" TEXT COLLATE "C",
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "playlist_items_pkey" PRIMARY KEY ("playlist_id","id")
);

-- CreateTable
CREATE TABLE "playlists"."collaborators" (
    "playlist_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "active" BOOLEAN NOT NULL,
    "clock" TEXT COLLATE "C" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "collaborators_pkey" PRIMARY KEY ("playlist_id","user_id")
);

-- CreateTable
CREATE TABLE "playlists"."operations" (
    "seq" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
    "id" UUID NOT NULL,
    "playlist_id" UUID NOT NULL,
    "actor_id" UUID,
    "type" TEXT NOT NULL,
    "replica" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "clock" TEXT COLLATE "C" NOT NULL,
    "digest" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operations_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "playlists"."peers" (
    "url" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "peers_pkey" PRIMARY KEY ("url")
);

-- CreateTable
CREATE TABLE "playlists"."follows" (
    "user_id" UUID NOT NULL,
    "playlist_id" UUID NOT NULL,
    "followed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "follows_pkey" PRIMARY KEY ("user_id","playlist_id")
);

-- CreateTable
CREATE TABLE "playlists"."saved" (
    "user_id" UUID NOT NULL,
    "kind" "playlists"."saved_kind" NOT NULL,
    "item_id" UUID NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_pkey" PRIMARY KEY ("user_id","kind","item_id")
);

-- CreateTable
CREATE TABLE "playlists"."libraries" (
    "user_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "libraries_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "playlists"."outbox" (
    "id" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "playlists_owner_id_created_at_id_idx" ON "playlists"."playlists"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "collaborators_user_id_since_playlist_id_idx" ON "playlists"."collaborators"("user_id", "since", "playlist_id");

-- CreateIndex
CREATE INDEX "operations_xid_seq_idx" ON "playlists"."operations"("xid", "seq");

-- CreateIndex
CREATE INDEX "operations_playlist_id_seq_idx" ON "playlists"."operations"("playlist_id", "seq");

-- CreateIndex
CREATE INDEX "operations_created_at_idx" ON "playlists"."operations"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "operations_id_replica_key" ON "playlists"."operations"("id", "replica");

-- CreateIndex
CREATE INDEX "follows_user_id_followed_at_playlist_id_idx" ON "playlists"."follows"("user_id", "followed_at", "playlist_id");

-- CreateIndex
CREATE INDEX "saved_user_id_kind_saved_at_item_id_idx" ON "playlists"."saved"("user_id", "kind", "saved_at", "item_id");

-- CreateIndex
CREATE INDEX "outbox_xid_id_idx" ON "playlists"."outbox"("xid", "id");

-- Written by hand from here on, and COLLATE "C" on positions and clocks, which sort by their bytes: what Prisma's schema
-- cannot say.

-- A page of the items that are there is a piece of one index.
CREATE INDEX "playlist_items_page_idx" ON "playlists"."playlist_items"("playlist_id", "position", "id")
    WHERE "removed_at" IS NULL AND "track_id" IS NOT NULL;

-- For the listings: playlists that are there.
CREATE INDEX "playlists_public_idx" ON "playlists"."playlists"("id") WHERE "privacy" = 'PUBLIC' AND "deleted_at" IS NULL AND "created_at" IS NOT NULL;

-- For the compaction: tombstones by their age.
CREATE INDEX "playlist_items_removed_idx" ON "playlists"."playlist_items"("removed_at") WHERE "removed_at" IS NOT NULL;
CREATE INDEX "playlists_deleted_idx" ON "playlists"."playlists"("deleted_at") WHERE "deleted_at" IS NOT NULL;

-- For the compaction: items whose positions have become long; see domain/compaction.ts.
CREATE INDEX "playlist_items_crowded_idx" ON "playlists"."playlist_items"("playlist_id")
    WHERE length("position") > 250 AND "removed_at" IS NULL AND "track_id" IS NOT NULL;

-- For the relay: what is not published yet, however much was.
CREATE INDEX "outbox_unpublished_idx" ON "playlists"."outbox"("xid", "id") WHERE "published_at" IS NULL;

-- The domain checks these first, with messages for people. Here they hold whoever writes.
ALTER TABLE "playlists"."playlists"
    ADD CONSTRAINT "playlists_created_check" CHECK ("created_at" IS NULL
        OR ("owner_id" IS NOT NULL AND "created_clock" IS NOT NULL AND "name" IS NOT NULL AND "privacy" IS NOT NULL)),
    ADD CONSTRAINT "playlists_name_check" CHECK (char_length("name") BETWEEN 1 AND 100),
    ADD CONSTRAINT "playlists_description_check" CHECK (char_length("description") <= 300),
    ADD CONSTRAINT "playlists_item_count_check" CHECK ("item_count" >= 0),
    ADD CONSTRAINT "playlists_follower_count_check" CHECK ("follower_count" >= 0);

ALTER TABLE "playlists"."playlist_items"
    ADD CONSTRAINT "playlist_items_add_check" CHECK (("track_id" IS NULL) = ("added_at" IS NULL)
        AND ("track_id" IS NULL) = ("added_clock" IS NULL) AND ("track_id" IS NULL) = ("added_replica" IS NULL)
        AND ("track_id" IS NULL) = ("added_revision" IS NULL)),
    ADD CONSTRAINT "playlist_items_position_check" CHECK (("position" IS NULL) = ("position_clock" IS NULL));
