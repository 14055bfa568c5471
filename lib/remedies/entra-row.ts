import type { Entry } from "./remedy";

/** As Microsoft writes it, in whole: so a search for what a person reads there finds the row. */
type EntraCode = `AADSTS${number}`;

/** Codes of the identity platform that mean the same to the person who has to repair it. */
export type EntraRow = Omit<Entry, "id" | "source"> & {
  codes: readonly EntraCode[];
  source?: string;
};

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** One remedy per code, each with Microsoft's own page about it unless the row has a better link. */
export function entraRemedies(rows: readonly EntraRow[]): Entry[] {
  return rows.flatMap(({ codes, ...row }) =>
    codes.map((code) => ({
      id: code,
      link: microsoftErrorLink(numberOf(code)),
      source: SOURCE,
      ...row,
    })),
  );
}

function numberOf(code: EntraCode): number {
  return Number(code.slice("AADSTS".length));
}

export function microsoftErrorLink(number: number): { label: string; url: string } {
  return {
    label: `Microsoft about AADSTS${number}`,
    url: `https://login.microsoftonline.com/error?code=${number}`,
  };
}
