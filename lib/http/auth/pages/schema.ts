import type { Permission } from "@/lib/kernel/permissions/schema";

/** Links to them are hidden from other roles. */
export const PAGE_NEEDS = {
  "/contacts": "contacts:read",
  "/contacts/all": "contacts:read",
  "/contacts/import": "contacts:write",
  "/contacts/privacy": "contacts:write",
  "/contacts/[contactListId]": "contacts:read",
  "/email/accounts/new": "accounts:write",
  "/email/accounts/import": "accounts:write",
  "/email/accounts/[emailAccountId]/edit": "accounts:write",
  "/email/devices/new": "devices:write",
  "/email/devices/import": "devices:write",
  "/email/devices/[deviceId]/edit": "devices:write",
  "/email/migration/[emailAccountId]": "accounts:write",
  "/settings/administrators": "administrators:read",
  "/settings/administrators/[administratorId]": "administrators:read",
  "/settings/alerts/new": "alerts:write",
  "/settings/alerts/[alertChannelId]/edit": "alerts:write",
  "/settings/api-keys": "keys:write",
  "/settings/audit": "audit:read",
  "/settings/cloud-providers/new": "providers:write",
  "/settings/cloud-providers/[cloudProviderId]/edit": "providers:write",
  "/settings/sign-in": "administrators:write",
  "/settings/sign-in/new": "administrators:write",
  "/settings/sign-in/[companySignInId]": "administrators:write",
  "/settings/sign-in/[companySignInId]/edit": "administrators:write",
} as const satisfies Record<string, Permission>;

export type RestrictedPage = keyof typeof PAGE_NEEDS;

/** Undefined: every role. */
export function neededAt(address: string): Permission | undefined {
  const [path = ""] = address.split(/[?#]/);
  const parts = path.split("/");
  const [exact] = PAGES.filter(({ page }) => page === path);
  // A name wins over an id: /contacts/all is no list.
  return (exact ?? PAGES.find((each) => isAt(each.parts, parts)))?.permission;
}

const PAGES = Object.entries(PAGE_NEEDS).map(([page, permission]) => ({
  page,
  parts: page.split("/"),
  permission,
}));

function isAt(page: readonly string[], parts: readonly string[]): boolean {
  return (
    page.length === parts.length &&
    page.every((part, index) => part.startsWith("[") || part === parts[index])
  );
}
