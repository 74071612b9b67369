-- CreateTable
CREATE TABLE "analytics"."live_outbox" (
    "id" UUID NOT NULL,
    "markets" JSONB NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "live_outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "live_outbox_counted_at_idx" ON "analytics"."live_outbox"("counted_at");
