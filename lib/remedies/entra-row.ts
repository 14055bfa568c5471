import type { Remedy } from "./remedy";

/** Numbers of the identity platform that mean the same to whoever has to repair it. */
export type EntraRow = Omit<Remedy, "id" | "source"> & { codes: readonly number[] };

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** One remedy per number, each with Microsoft's own page about it unless the row has a better link. */
export function entraRemedies(rows: readonly EntraRow[]): Remedy[] {
  return rows.flatMap(({ codes, ...row }) =>
    codes.map((code) => ({
      id: `AADSTS${code}`,
      link: microsoftErrorLink(code),
      source: SOURCE,
      ...row,
    })),
  );
}

export function microsoftErrorLink(code: number): { label: string; url: string } {
  return {
    label: `Microsoft about AADSTS${code}`,
    url: `https://login.microsoftonline.com/error?code=${code}`,
  };
}

const BLADE = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade";

/** Pages of the app registration in the Entra admin center. */
export const REGISTRATION = {
  authentication: {
    label: "Authentication page",
    url: `${BLADE}/~/Authentication/appId/{clientId}`,
  },
  secrets: { label: "Certificates & secrets page", url: `${BLADE}/~/Credentials/appId/{clientId}` },
  permissions: { label: "API permissions page", url: `${BLADE}/~/CallAnAPI/appId/{clientId}` },
  overview: { label: "App registration", url: `${BLADE}/~/Overview/appId/{clientId}` },
} as const;
