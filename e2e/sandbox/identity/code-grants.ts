import { randomBytes, randomUUID } from "node:crypto";
import type { User } from "../directory";

/** What a person agreed to at the authorize page, waiting to be redeemed. */
export interface CodeGrant {
  user: User;
  clientId: string;
  redirectUri: string;
  codeChallenge: string;
  nonce: string | undefined;
  scope: string;
  issuedAt: number;
  familyId: string;
  isRedeemed: boolean;
}

export interface CodeGrants {
  issue(grant: Omit<CodeGrant, "familyId" | "isRedeemed">): string;
  find(code: string): CodeGrant | undefined;
  clear(): void;
}

export const CODE_LIFETIME_MS = 10 * 60_000;
/** Redeemed and expired codes are kept a while, to be refused by the right number. */
const KEPT_MS = 6 * CODE_LIFETIME_MS;

/** Authorization codes live in memory: they are gone after ten minutes anyway. */
export function createCodeGrants(): CodeGrants {
  const grants = new Map<string, CodeGrant>();
  return {
    issue(grant) {
      for (const [code, old] of grants)
        if (old.issuedAt + KEPT_MS < grant.issuedAt) grants.delete(code);
      const code = `1.${randomBytes(96).toString("base64url")}`;
      grants.set(code, { ...grant, familyId: randomUUID(), isRedeemed: false });
      return code;
    },
    find: (code) => grants.get(code),
    clear: () => grants.clear(),
  };
}
