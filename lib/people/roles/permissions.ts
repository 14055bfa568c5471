import { type Actor, ALL_PERMISSIONS, can, type Permission } from "@/lib/kernel/actor";
import { words } from "@/lib/kernel/words";
import { ROLES, type Role, roleInWords } from "./schema";

const SEEING = words(
  "providers:read accounts:read devices:read incidents:read alerts:read events:read metrics:read",
) satisfies readonly Permission[];

/** What each role may do. Contacts are personal data, so only the roles that work with them see them. */
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

/** What a person may not do, and the roles that may, in words: “an operator or an administrator”. */
type Lacks = Partial<Record<Permission, string>>;

/** @permission none: it only compares permissions. */
export function lacksOf(actor: Actor): Lacks {
  const lacking = ALL_PERMISSIONS.filter((permission) => !can(actor, permission));
  return Object.fromEntries(lacking.map((permission) => [permission, whoMay(permission)]));
}

export function whoMay(permission: Permission): string {
  const roles = ROLES.filter((role) => PERMISSIONS_OF[role].has(permission));
  return roles.map(roleInWords).join(" or ");
}
