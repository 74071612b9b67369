-- DropIndex
DROP INDEX "playlists"."operations_playlist_id_seq_idx";

-- CreateIndex
CREATE INDEX "operations_playlist_id_replica_revision_idx" ON "playlists"."operations"("playlist_id", "replica", "revision");
