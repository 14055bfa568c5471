import type { Link, Written } from "./remedy";

/** In full, so that a search for it finds the row. */
type EntraCode = `AADSTS${number}`;

export type EntraRow = Omit<Written, "id"> & {
  codes: readonly EntraCode[];
};

const SOURCE = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/** With Microsoft's page for the code, unless the row has a better link. */
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
