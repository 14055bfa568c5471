-- AlterTable
ALTER TABLE "Device" ADD COLUMN     "sentAt" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[];

-- CreateTable
CREATE TABLE "MailboxPace" (
    "emailAccountId" UUID NOT NULL,
    "sentAt" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],

    CONSTRAINT "MailboxPace_pkey" PRIMARY KEY ("emailAccountId")
);

-- CreateTable
CREATE TABLE "MailboxRecipients" (
    "emailAccountId" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "recipients" INTEGER NOT NULL,

    CONSTRAINT "MailboxRecipients_pkey" PRIMARY KEY ("emailAccountId","hour")
);

-- CreateTable
CREATE TABLE "DeviceGateway" (
    "id" UUID NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DeviceGateway_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MailboxPlace" (
    "emailAccountId" UUID NOT NULL,
    "protocol" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "gatewayId" UUID NOT NULL,

    CONSTRAINT "MailboxPlace_pkey" PRIMARY KEY ("emailAccountId","protocol","place")
);

-- CreateIndex
CREATE INDEX "MailboxPlace_gatewayId_idx" ON "MailboxPlace"("gatewayId");

-- AddForeignKey
ALTER TABLE "MailboxPace" ADD CONSTRAINT "MailboxPace_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MailboxRecipients" ADD CONSTRAINT "MailboxRecipients_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MailboxPlace" ADD CONSTRAINT "MailboxPlace_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MailboxPlace" ADD CONSTRAINT "MailboxPlace_gatewayId_fkey" FOREIGN KEY ("gatewayId") REFERENCES "DeviceGateway"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written with each login. After a crash of the database they are empty, and so are the connections' ends
-- soon: that is no loss, and no login waits for the disk. One that refers to the other goes first.
ALTER TABLE "MailboxPlace" DROP CONSTRAINT "MailboxPlace_gatewayId_fkey";
ALTER TABLE "DeviceGateway" SET UNLOGGED;
ALTER TABLE "MailboxPlace" SET UNLOGGED;
ALTER TABLE "MailboxPlace" ADD CONSTRAINT "MailboxPlace_gatewayId_fkey" FOREIGN KEY ("gatewayId") REFERENCES "DeviceGateway"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Rewritten with each message: room for the next version beside the last.
ALTER TABLE "MailboxPace" SET (fillfactor = 50);
ALTER TABLE "MailboxRecipients" SET (fillfactor = 50);

-- The turns that still count at a time, in their order: those of the last span, and those that are promised.
-- What lies further ahead was written by a clock that ran ahead, and is void.
CREATE FUNCTION postkey_turns(sent timestamptz[], at timestamptz, span interval, hold interval)
RETURNS timestamptz[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT t FROM unnest(sent) t
  WHERE t > at - span AND t <= at + hold + interval '15 seconds' ORDER BY t);

-- When one more may go, so that no more than `most` go in any such span.
CREATE FUNCTION postkey_next_turn(turns timestamptz[], at timestamptz, most int, span interval)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN cardinality(turns) < most THEN at
  ELSE greatest(at, turns[cardinality(turns) - most + 1] + span) END;

-- Takes recipients of a mailbox's day, which is counted by hours: 24 that are over and the one that runs.
-- Whoever calls it holds the row of the mailbox's pace.
CREATE FUNCTION postkey_take_recipients(account uuid, wanted int, per_day int, at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', at, 'UTC');
  taken bigint;
BEGIN
  SELECT coalesce(sum(recipients), 0) INTO taken FROM "MailboxRecipients"
    WHERE "emailAccountId" = account AND hour BETWEEN this_hour - interval '24 hours' AND this_hour;
  IF taken + wanted > per_day THEN RETURN FALSE; END IF;
  INSERT INTO "MailboxRecipients" AS r VALUES (account, this_hour, wanted)
    ON CONFLICT ("emailAccountId", hour) DO UPDATE SET recipients = r.recipients + wanted;
  IF FOUND AND taken = 0 THEN
    DELETE FROM "MailboxRecipients" WHERE "emailAccountId" = account AND hour <> this_hour;
  END IF;
  RETURN TRUE;
END $$;

-- Whether a mailbox has room for more recipients in a day. They are counted where it has.
CREATE FUNCTION postkey_add_recipients(account uuid, wanted int, per_day int)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', TRUE);
  INSERT INTO "MailboxPace" VALUES (account) ON CONFLICT DO NOTHING;
  PERFORM FROM "MailboxPace" WHERE "emailAccountId" = account FOR UPDATE;
  RETURN postkey_take_recipients(account, wanted, per_day, clock_timestamp());
END $$;

-- The turn of one message with one recipient: of its device, and of its mailbox with all its devices. It is
-- taken at once, and the gateway waits for it; one that dies leaves a turn that nobody uses.
-- A limit that is NULL does not hold. `refusal`: pace when the turn would come later than `hold`, or day.
CREATE FUNCTION postkey_take_message(
  device uuid, device_most int, device_span interval,
  account uuid, account_most int, account_span interval, per_day int,
  hold interval, OUT "waitMs" float8, OUT refusal text)
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
  turn timestamptz;
  of_device timestamptz[];
  of_account timestamptz[];
BEGIN
  -- What a crash of the database forgets is a fraction of a second: no message waits for the disk.
  PERFORM set_config('synchronous_commit', 'off', TRUE);
  IF device_most IS NOT NULL THEN
    SELECT "sentAt" INTO of_device FROM "Device" WHERE id = device FOR NO KEY UPDATE;
  END IF;
  IF account_most IS NOT NULL OR per_day IS NOT NULL THEN
    INSERT INTO "MailboxPace" VALUES (account) ON CONFLICT DO NOTHING;
    SELECT "sentAt" INTO of_account FROM "MailboxPace" WHERE "emailAccountId" = account FOR UPDATE;
  END IF;
  at := clock_timestamp();
  turn := at;
  IF device_most IS NOT NULL THEN
    of_device := postkey_turns(of_device, at, device_span, hold);
    turn := greatest(turn, postkey_next_turn(of_device, at, device_most, device_span));
  END IF;
  IF account_most IS NOT NULL THEN
    of_account := postkey_turns(of_account, at, account_span, hold);
    turn := greatest(turn, postkey_next_turn(of_account, at, account_most, account_span));
  END IF;
  "waitMs" := extract(epoch FROM turn - at) * 1000;
  IF turn > at + hold THEN
    refusal := 'pace';
    RETURN;
  END IF;
  IF per_day IS NOT NULL AND NOT postkey_take_recipients(account, 1, per_day, at) THEN
    refusal := 'day';
    RETURN;
  END IF;
  IF device_most IS NOT NULL THEN
    UPDATE "Device" SET "sentAt" = of_device || turn WHERE id = device;
  END IF;
  IF account_most IS NOT NULL THEN
    UPDATE "MailboxPace" SET "sentAt" = of_account || turn WHERE "emailAccountId" = account;
  END IF;
END $$;
