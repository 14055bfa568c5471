-- Which person answers for a key or a device: who made it, or the key that made the device.
ALTER TABLE "ApiKey" ADD COLUMN "createdById" UUID;
ALTER TABLE "Device" ADD COLUMN "createdById" UUID;

-- Of those that are there, the audit trail knows it, as far as it is still here.
UPDATE "ApiKey" k SET "createdById" = a.id FROM "AuditEvent" e JOIN "Administrator" a ON a.id::text = e."actorId"
  WHERE e."objectKind" = 'api_key' AND e."objectId" = k.id::text AND e.action = 'api_key.create' AND e."actorKind" = 'user';
UPDATE "Device" d SET "createdById" = a.id FROM "AuditEvent" e JOIN "Administrator" a ON a.id::text = e."actorId"
  WHERE e."objectKind" = 'device' AND e."objectId" = d.id::text AND e.action = 'device.create' AND e."actorKind" = 'user';
UPDATE "Device" d SET "createdById" = k."createdById" FROM "AuditEvent" e JOIN "ApiKey" k ON k.id::text = e."actorId"
  WHERE e."objectKind" = 'device' AND e."objectId" = d.id::text AND e.action = 'device.create' AND e."actorKind" = 'api_key';

-- What a person made is counted and named when they are disabled.
CREATE INDEX "ApiKey_createdById_idx" ON "ApiKey" ("createdById");
CREATE INDEX "Device_createdById_idx" ON "Device" ("createdById");
