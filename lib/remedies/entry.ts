import type { Command, Link, Written } from "./remedy";

type Shared = Omit<Written, "id" | "title" | "cause" | "steps">;

/* The person who acts, and what helps. */
export const ADMIN: Shared = {};
export const PASSES = { retry: "yes" } as const;
export const REAUTH = { retry: "reauth" } as const;
export const OWNER = { who: "mailbox_owner" } as const;
export const OWNER_WAITS = { ...OWNER, ...PASSES } as const;
export const OWNER_SIGNS_IN = { ...OWNER, ...REAUTH } as const;
export const TENANT_ADMIN = { who: "tenant_administrator" } as const;
export const TENANT_REAUTH = { ...TENANT_ADMIN, ...REAUTH } as const;
export const COMPANY_ADMIN = { who: "company_administrator" } as const;

/** With a page to open, a command and a source. */
export function see(shared: Shared, ...places: readonly (Link | Command | string)[]): Shared {
  const named = places.map((place) => {
    if (typeof place === "string") return { source: place };
    return "url" in place ? { link: place } : { command: place };
  });
  return Object.assign({ ...shared }, ...named);
}

export function entry<const I extends string>(id: I, shared: Shared, told: Omit<Written, "id">) {
  return { ...shared, ...told, id };
}

/** In full, so that a search for it finds the entry. */
type EntraCode = `AADSTS${number}`;

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** With Microsoft's page for the code, unless there is a better link. */
export function entra(
  codes: EntraCode | readonly EntraCode[],
  shared: Shared,
  told: Omit<Written, "id">,
): Written[] {
  return [codes].flat().map((code) => ({
    link: microsoftErrorLink(Number(code.slice("AADSTS".length))),
    source: SOURCE,
    ...entry(code, shared, told),
  }));
}

export function microsoftErrorLink(number: number): Link {
  return {
    label: `Microsoft about AADSTS${number}`,
    url: `https://login.microsoftonline.com/error?code=${number}`,
  };
}
