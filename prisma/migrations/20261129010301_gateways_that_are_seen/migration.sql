-- Which gateways serve devices: where, since when, and at which ports. Empty in rows of Postkey's other processes,
-- which take places as well, and of gateways of the version before.
ALTER TABLE "DeviceGateway" ADD COLUMN "host" TEXT;
ALTER TABLE "DeviceGateway" ADD COLUMN "startedAt" TIMESTAMPTZ(3);
ALTER TABLE "DeviceGateway" ADD COLUMN "listeners" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
