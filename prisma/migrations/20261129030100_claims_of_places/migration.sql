-- Which session took a place: one that lost it, because its gateway was stopped for longer than its lease, does not give
-- back what another session has by then. Empty in places that a gateway of the version before took.
ALTER TABLE "MailboxPlace" ADD COLUMN "claim" UUID;
