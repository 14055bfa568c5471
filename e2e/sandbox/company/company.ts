import { createHmac } from "node:crypto";
import type { Employee, Platform } from "../platform";

export const EMPLOYEES: readonly Employee[] = [
  {
    sub: "e-1001",
    email: "ines@contoso.example",
    name: "Ines Moreau",
    groups: ["everyone", "postkey-admins"],
  },
  {
    sub: "e-1002",
    email: "tom@contoso.example",
    name: "Tom Okafor",
    groups: ["everyone", "postkey-operators"],
  },
  { sub: "e-1003", email: "lena@contoso.example", name: "Lena Vogt", groups: ["everyone"] },
  { sub: "e-1004", email: "max@contoso.example", name: "Max Guest", groups: [] },
];

/** The one client that the sandbox's company knows. */
export interface CompanyClient {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** Below which all its addresses are. */
export const COMPANY = "/company";

export function companyClient({ authority, state }: Platform): CompanyClient {
  const hmac = createHmac("sha256", state.data.mailPassword).update("company");
  return {
    issuer: `${authority}${COMPANY}`,
    clientId: "postkey-demo",
    clientSecret: hmac.digest("base64url"),
  };
}

/** Whether it is the address of a company sign-in of an installation that the sandbox works for. */
export function isOfPostkey({ state }: Platform, address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, pathname } = new URL(address);
  const origins = state.data.registrations.flatMap(({ redirectUris }) =>
    redirectUris.map((uri) => new URL(uri).origin),
  );
  return origins.includes(origin) && path.test(pathname);
}
