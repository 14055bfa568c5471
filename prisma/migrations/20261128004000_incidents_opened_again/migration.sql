-- An incident that fails again while it recovers starts anew; when it opened first is kept.
ALTER TABLE "Incident" ADD COLUMN "firstOpenedAt" TIMESTAMPTZ(3);
