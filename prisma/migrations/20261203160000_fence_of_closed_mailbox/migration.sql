-- A look that was overtaken by another saves nothing.
ALTER TABLE "ClosedMailbox" ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0;
