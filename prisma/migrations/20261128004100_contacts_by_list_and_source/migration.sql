-- Contacts by the name of their List and of the account they come from: the groups are walked by name, and of each
-- only a page is read. Who comes from no account is the group of the id that none has.
CREATE INDEX "Contact_contactListId_id_idx" ON "Contact" ("contactListId", "id");
CREATE INDEX "Contact_source_idx" ON "Contact"
  (coalesce("emailAccountId", '00000000-0000-0000-0000-000000000000'::uuid), "id");
CREATE INDEX "Contact_list_source_idx" ON "Contact"
  ("contactListId", coalesce("emailAccountId", '00000000-0000-0000-0000-000000000000'::uuid), "id");
