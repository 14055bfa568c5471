import type { Link, Written } from "./remedy";

/** As Microsoft writes it, in whole: so a search for what a person reads there finds the row. */
type EntraCode = `AADSTS${number}`;

/** Codes of the identity platform that mean the same to the person who has to repair it. */
export type EntraRow = Omit<Written, "id"> & {
  codes: readonly EntraCode[];
};

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** One remedy per code, each with Microsoft's own page about it unless the row has a better link. */
export function entraRemedies(rows: readonly EntraRow[]): Written[] {
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

export function microsoftErrorLink(number: number): Link {
  return {
    label: `Microsoft about AADSTS${number}`,
    url: `https://login.microsoftonline.com/error?code=${number}`,
  };
}
