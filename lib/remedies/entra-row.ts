import type { Remedy } from "./remedy";

/** Numbers of the identity platform that mean the same to the person who has to repair it. */
export type EntraRow = Omit<Remedy, "id" | "source"> & {
  codes: readonly number[];
  source?: string;
};

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
