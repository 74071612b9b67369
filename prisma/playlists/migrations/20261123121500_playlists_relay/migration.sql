-- CreateTable
CREATE TABLE "playlists"."relay_positions" (
    "topic" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "moved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "relay_positions_pkey" PRIMARY KEY ("topic")
);

-- CreateTable
CREATE TABLE "playlists"."republications" (
    "topic" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "after" TEXT,
    "published" BIGINT NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "republications_pkey" PRIMARY KEY ("topic")
);

-- Written by hand: a relay goes by its position, so nobody marks rows as published. The column stays for programs that still
-- name it.
DROP INDEX "playlists"."outbox_unpublished_idx";

-- AlterTable
ALTER TABLE "playlists"."playlists" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
-- AlterTable
ALTER TABLE "playlists"."saved" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
-- AlterTable
ALTER TABLE "playlists"."follows" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- Each merged operation has raised it by one.
UPDATE "playlists"."playlists" SET "version" = (
    SELECT coalesce(sum(value::integer), 0) FROM jsonb_each_text("revisions"));
-- No entry was told with a higher one.
UPDATE "playlists"."saved" s SET "version" = l."version" FROM "playlists"."libraries" l WHERE l."user_id" = s."user_id";
UPDATE "playlists"."follows" f SET "version" = l."version" FROM "playlists"."libraries" l WHERE l."user_id" = f."user_id";
