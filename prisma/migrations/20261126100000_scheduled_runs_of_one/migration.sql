-- A scheduled test is a run of one account: it is put in line, taken and recorded as every other one. Its
-- report stays, and the run itself goes when it is over, so that the list of runs has those of people alone.
ALTER TABLE "TestRun" ADD COLUMN "scheduled" BOOLEAN NOT NULL DEFAULT false;

-- How often a test was begun that nothing came of: what ends its process every time is given up.
ALTER TABLE "TestRunItem" ADD COLUMN "claims" INTEGER NOT NULL DEFAULT 0;

-- Looked at twice a second by every keeper; few runs are open, and many are kept.
CREATE INDEX "TestRun_open_idx" ON "TestRun" ("scheduled", "createdAt") WHERE "finishedAt" IS NULL;
