import { defineConfig } from "prisma/config";

// Prisma's command looks for its native schema engine, and downloads it, although generating a client needs none.
// Migrations are made by scripts/new-migration.mjs. Any file will do.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
