-- CreateTable
CREATE TABLE "users"."relay_positions" (
    "topic" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "moved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "relay_positions_pkey" PRIMARY KEY ("topic")
);

-- CreateTable
CREATE TABLE "users"."republications" (
    "topic" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "after" TEXT,
    "published" BIGINT NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "republications_pkey" PRIMARY KEY ("topic")
);
