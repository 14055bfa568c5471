-- After a repair the last token says nothing: a run can get a new one for each account first.
ALTER TABLE "TestRun" ADD COLUMN "freshTokens" BOOLEAN NOT NULL DEFAULT false;
