-- A device that sends one message after the other takes the turns of several in one statement, for a moment only.
-- They are dated at the end of that moment: whenever in it a message goes, it counts at least as long as it would by
-- itself, so that no pace is passed. What is not used is given back.
-- postkey_take_message stays: a gateway of the version before calls it until it is restarted.

-- The turns of up to `wanted` messages with one recipient each: of their device, and of its mailbox with all its
-- devices. More than one is taken only where all can go now, and never more than a quarter of what is free: others
-- find something too. A single one is taken at once, and the gateway waits for it. What a gateway leaves that dies
-- is used by nobody. A limit that is NULL does not hold.
-- `refusal`: pace when the turn would come later than `hold`, or day.
CREATE FUNCTION postkey_take_messages(
  device uuid, device_most int, device_span interval,
  account uuid, account_most int, account_span interval, per_day int,
  hold interval, wanted int, moment interval,
  OUT "waitMs" float8, OUT refusal text, OUT taken int, OUT "datedAt" timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
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
  "datedAt" := at;
  taken := wanted;
  IF device_most IS NOT NULL THEN
    of_device := postkey_turns(of_device, at, device_span, hold);
    "datedAt" := greatest("datedAt", postkey_next_turn(of_device, at, device_most, device_span));
    taken := least(taken, (device_most - cardinality(of_device)) / 4);
  END IF;
  IF account_most IS NOT NULL THEN
    of_account := postkey_turns(of_account, at, account_span, hold);
    "datedAt" := greatest("datedAt", postkey_next_turn(of_account, at, account_most, account_span));
    taken := least(taken, (account_most - cardinality(of_account)) / 4);
  END IF;
  "waitMs" := extract(epoch FROM "datedAt" - at) * 1000;
  IF "datedAt" > at + hold THEN
    refusal := 'pace';
    RETURN;
  END IF;
  taken := greatest(taken, 1);
  IF per_day IS NOT NULL AND NOT postkey_take_recipients(account, taken, per_day, at) THEN
    -- The last ones of a day are taken one by one.
    IF taken = 1 OR NOT postkey_take_recipients(account, 1, per_day, at) THEN
      refusal := 'day';
      RETURN;
    END IF;
    taken := 1;
  END IF;
  -- As it is kept, to be found again.
  IF taken > 1 THEN "datedAt" := (at + moment)::timestamptz(3); END IF;
  IF device_most IS NOT NULL THEN
    UPDATE "Device" SET "sentAt" = of_device || array_fill("datedAt", ARRAY[taken]) WHERE id = device;
  END IF;
  IF account_most IS NOT NULL THEN
    UPDATE "MailboxPace" SET "sentAt" = of_account || array_fill("datedAt", ARRAY[taken])
      WHERE "emailAccountId" = account;
  END IF;
END $$;

CREATE FUNCTION postkey_turns_without(sent timestamptz[], dated timestamptz, unused int)
RETURNS timestamptz[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT t FROM (SELECT t, row_number() OVER (PARTITION BY t) AS nth FROM unnest(sent) t) each
  WHERE t <> dated OR nth > unused ORDER BY t);

-- Those of turns that were taken together whose moment is over, and that no message used.
CREATE FUNCTION postkey_give_messages_back(
  device uuid, account uuid, dated timestamptz, moment interval, unused int, counts_day boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', TRUE);
  UPDATE "Device" SET "sentAt" = postkey_turns_without("sentAt", dated, unused)
    WHERE id = device AND dated = ANY("sentAt");
  UPDATE "MailboxPace" SET "sentAt" = postkey_turns_without("sentAt", dated, unused)
    WHERE "emailAccountId" = account;
  IF counts_day THEN
    UPDATE "MailboxRecipients" SET recipients = greatest(0, recipients - unused)
      WHERE "emailAccountId" = account AND hour = date_trunc('hour', dated - moment, 'UTC');
  END IF;
END $$;
