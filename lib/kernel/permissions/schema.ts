import { words } from "@/lib/kernel/words";
export const PERMISSIONS = words(
  "providers:read providers:write authorizations:write accounts:read accounts:write accounts:test",
  "tokens:read mail:read mail:send contacts:read contacts:write devices:read devices:write",
  "keys:write administrators:read administrators:write incidents:read alerts:read alerts:write",
  "audit:read events:read metrics:read",
);

export type Permission = (typeof PERMISSIONS)[number];
