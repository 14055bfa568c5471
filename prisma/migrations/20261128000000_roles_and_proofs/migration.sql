-- What a person may do (lib/access/roles). Those who are here could do everything, and still can.
ALTER TABLE "Administrator" ADD COLUMN "role" TEXT NOT NULL DEFAULT 'administrator';

-- Who signs in at the company alone has no password here.
ALTER TABLE "Administrator" ALTER COLUMN "passwordHash" DROP NOT NULL;

-- How a session began, and when its person last proved who they are. A session that is open during the update
-- began with a password.
ALTER TABLE "Session" ADD COLUMN "method" TEXT NOT NULL DEFAULT 'password',
  ADD COLUMN "provenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
