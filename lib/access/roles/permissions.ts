import { ALL_PERMISSIONS, type Permission } from "@/lib/kernel/actor";
import type { Role } from "./schema";

const SEEING = [
  "providers:read",
  "accounts:read",
  "devices:read",
  "incidents:read",
  "alerts:read",
  "events:read",
  "metrics:read",
] as const satisfies readonly Permission[];

/** What each role may do. Contacts are personal data, which nobody sees who has no work with them. */
export const PERMISSIONS_OF: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(SEEING),
  auditor: new Set([...SEEING, "administrators:read", "audit:read"]),
  operator: new Set([
    ...SEEING,
    "authorizations:write",
    "accounts:write",
    "accounts:test",
    "mail:read",
    "mail:send",
    "contacts:read",
    "contacts:write",
    "devices:write",
  ]),
  administrator: new Set(ALL_PERMISSIONS),
};
