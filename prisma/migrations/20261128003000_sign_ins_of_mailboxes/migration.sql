-- Signing mailboxes in is a permission of its own now. Keys that could change registrations could do that, too,
-- and still can.
UPDATE "ApiKey" SET "permissions" = array_append("permissions", 'authorizations:write')
  WHERE 'providers:write' = ANY("permissions") AND NOT 'authorizations:write' = ANY("permissions");
