-- Written by hand: what is there already gets 0, so that the ids that readers have keep their meaning; see @medley/outbox.
ALTER TABLE "users"."outbox" ADD COLUMN "xid" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "users"."outbox" ALTER COLUMN "xid" SET DEFAULT (pg_current_xact_id())::text::bigint;

-- CreateIndex
CREATE INDEX "outbox_xid_id_idx" ON "users"."outbox"("xid", "id");
