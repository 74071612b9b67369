-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "users";

-- CreateEnum
CREATE TYPE "users"."tier" AS ENUM ('FREE', 'PREMIUM');

-- CreateEnum
CREATE TYPE "users"."account_status" AS ENUM ('ACTIVE', 'SUSPENDED', 'CLOSED');

-- CreateEnum
CREATE TYPE "users"."session_end_reason" AS ENUM ('SIGNED_OUT', 'SIGNED_OUT_EVERYWHERE', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'TOKEN_REUSED', 'DISPLACED');

-- CreateTable
CREATE TABLE "users"."accounts" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "tier" "users"."tier" NOT NULL DEFAULT 'FREE',
    "allows_explicit" BOOLEAN NOT NULL DEFAULT true,
    "status" "users"."account_status" NOT NULL DEFAULT 'ACTIVE',
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users"."sessions" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "device" TEXT,
    "family_hash" BYTEA NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "previous_secret_hash" BYTEA,
    "successor_salt" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" "users"."session_end_reason",

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users"."password_resets" (
    "code_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_resets_pkey" PRIMARY KEY ("code_hash")
);

-- CreateTable
CREATE TABLE "users"."outbox" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_key" ON "users"."accounts"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_family_hash_key" ON "users"."sessions"("family_hash");

-- CreateIndex
CREATE INDEX "sessions_account_id_last_used_at_idx" ON "users"."sessions"("account_id", "last_used_at" DESC);

-- CreateIndex
CREATE INDEX "password_resets_account_id_idx" ON "users"."password_resets"("account_id");

-- AddForeignKey
ALTER TABLE "users"."sessions" ADD CONSTRAINT "sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "users"."accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."password_resets" ADD CONSTRAINT "password_resets_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "users"."accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Written by hand: what Prisma's schema cannot say. The domain checks all of it first, with messages for people; here it
-- holds whoever writes.
ALTER TABLE "users"."accounts"
    ADD CONSTRAINT "accounts_email_check" CHECK ("email" ~ '^[^\s@A-Z]+@[^\s@A-Z]+$' AND octet_length("email") <= 254),
    ADD CONSTRAINT "accounts_display_name_check" CHECK (char_length("display_name") BETWEEN 1 AND 50),
    ADD CONSTRAINT "accounts_password_hash_check" CHECK ("password_hash" LIKE '$argon2id$%'),
    ADD CONSTRAINT "accounts_country_check" CHECK ("country" ~ '^[A-Z]{2}$'),
    ADD CONSTRAINT "accounts_scopes_check" CHECK ("scopes" IS NOT NULL AND array_position("scopes", NULL) IS NULL),
    ADD CONSTRAINT "accounts_version_check" CHECK ("version" > 0);

ALTER TABLE "users"."sessions"
    ADD CONSTRAINT "sessions_device_check" CHECK (char_length("device") BETWEEN 1 AND 100),
    ADD CONSTRAINT "sessions_hashes_check" CHECK (octet_length("family_hash") = 32 AND octet_length("secret_hash") = 32),
    ADD CONSTRAINT "sessions_rotation_check" CHECK (
        ("previous_secret_hash" IS NULL) = ("successor_salt" IS NULL)
        AND octet_length("previous_secret_hash") = 32 AND octet_length("successor_salt") = 32),
    ADD CONSTRAINT "sessions_times_check" CHECK ("created_at" < "expires_at"),
    ADD CONSTRAINT "sessions_end_check" CHECK (("ended_at" IS NULL) = ("end_reason" IS NULL));

ALTER TABLE "users"."password_resets"
    ADD CONSTRAINT "password_resets_code_hash_check" CHECK (octet_length("code_hash") = 32);

ALTER TABLE "users"."outbox"
    ADD CONSTRAINT "outbox_version_check" CHECK ("version" > 0);
