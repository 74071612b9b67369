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

-- The genres that are there are those of the sample catalog: each to the nearest wider one. `events:republish -- catalog` tells it.
UPDATE "catalog"."genres" AS genre SET parent_id = wider.id
FROM (VALUES
    ('ambient', 'electronic'), ('bossa-nova', 'jazz'), ('chanson', 'folk'), ('city-pop', 'pop'), ('deep-house', 'electronic'),
    ('fado', 'folk'), ('film-music', 'classical'), ('flamenco', 'folk'), ('funk', 'r-and-b'), ('indie-pop', 'pop'),
    ('indie-rock', 'rock'), ('k-pop', 'pop'), ('latin-pop', 'pop'), ('metal', 'rock'), ('singer-songwriter', 'folk'),
    ('soul', 'r-and-b'), ('synthwave', 'electronic'), ('techno', 'electronic')
) AS place(slug, wider)
JOIN "catalog"."genres" AS wider ON wider.slug = place.wider
WHERE genre.slug = place.slug;
