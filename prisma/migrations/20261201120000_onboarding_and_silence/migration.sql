-- After how many days an account that no one signed in is an incident; never, unless set.
ALTER TABLE "Installation" ADD COLUMN "unsignedDays" INTEGER;

-- Who asked not to be told of an incident, and until when; until it is resolved, unless set.
ALTER TABLE "Incident" ADD COLUMN "silencedByName" TEXT, ADD COLUMN "silencedUntil" TIMESTAMPTZ(3);
