-- AlterTable
ALTER TABLE "catalog"."genres" ADD COLUMN     "parent_id" UUID;

-- AlterTable
ALTER TABLE "catalog"."tracks" ADD COLUMN     "acousticness" REAL,
ADD COLUMN     "danceability" REAL,
ADD COLUMN     "energy" REAL,
ADD COLUMN     "instrumentalness" REAL,
ADD COLUMN     "tempo_bpm" REAL,
ADD COLUMN     "valence" REAL;

-- AddForeignKey
ALTER TABLE "catalog"."genres" ADD CONSTRAINT "genres_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "catalog"."genres"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Prisma knows no checks.
ALTER TABLE "catalog"."tracks" ADD CONSTRAINT "tracks_audio_features_check"
    CHECK (num_nonnulls(tempo_bpm, energy, valence, danceability, acousticness, instrumentalness) IN (0, 6));
ALTER TABLE "catalog"."genres" ADD CONSTRAINT "genres_parent_id_check" CHECK (parent_id <> id);
