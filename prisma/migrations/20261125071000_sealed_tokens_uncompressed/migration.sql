-- What is sealed cannot be compressed: PostgreSQL need not try with each renewal.
ALTER TABLE "TokenSet" ALTER COLUMN "accessTokenSealed" SET STORAGE EXTERNAL;
ALTER TABLE "TokenSet" ALTER COLUMN "cacheSealed" SET STORAGE EXTERNAL;
