import type { Permission } from "@/lib/kernel/permissions/schema";

/** The pages that not every role may open, with what they ask for. Links to them are hidden from the others. */
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

/** What an address of a page asks for; undefined where every role may open it. */
export function neededAt(address: string): Permission | undefined {
  const [path = ""] = address.split(/[?#]/);
  const parts = path.split("/");
  const [exact] = PAGES.filter(({ page }) => page === path);
  // A name is more than an id: /contacts/all is no list with that id.
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
