-- An edit of a list says which version of it was seen, as an edit of anything does.
ALTER TABLE "ContactList" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- Who asked to be erased and is not to be saved again: an HMAC of the address, and nothing else of it.
CREATE TABLE "SuppressedContact" (
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SuppressedContact_pkey" PRIMARY KEY ("hash")
);

ALTER TABLE "Installation" ADD COLUMN "suppressionKeySealed" TEXT;

CREATE INDEX "Contact_contactListId_emailKey_id_idx" ON "Contact"("contactListId", "emailKey", "id");

-- By hand from here on: what the schema language cannot say.

-- Contacts are sorted by what is not a column of its own, in one list and in all of them.
CREATE INDEX "Contact_name_idx" ON "Contact" (lower("name"), "id");
CREATE INDEX "Contact_list_name_idx" ON "Contact" ("contactListId", lower("name"), "id");
CREATE INDEX "Contact_firstSeen_idx" ON "Contact" (coalesce("firstSeenAt", "createdAt"), "id");
CREATE INDEX "Contact_list_firstSeen_idx" ON "Contact" ("contactListId", coalesce("firstSeenAt", "createdAt"), "id");
CREATE INDEX "Contact_lastSeen_idx" ON "Contact" (coalesce("lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz), "id");
CREATE INDEX "Contact_list_lastSeen_idx" ON "Contact" ("contactListId", coalesce("lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz), "id");
