-- After how many days an account that no one signed in is an incident; never, unless set.
ALTER TABLE "Installation" ADD COLUMN "unsignedDays" INTEGER;
