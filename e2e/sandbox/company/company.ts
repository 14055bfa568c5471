import { createHmac, randomBytes } from "node:crypto";
import type { Platform } from "../platform";
import type { CompanyCode } from "./people";

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

export function issueCompanyCode({ companyCodes }: Platform, code: CompanyCode): string {
  const text = randomBytes(32).toString("base64url");
  companyCodes.set(text, code);
  return text;
}
