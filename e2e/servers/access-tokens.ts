import { generateKeyPairSync, sign } from "node:crypto";

/** Signs access tokens as Entra ID does: RS256, the claims that mail servers read. */
export type TokenIssuer = {
  publicKeys: Record<string, string>;
  issue(claims?: Record<string, unknown>): string;
};

const KEY_ID = "test-key";

/** @param defaults claims of every token; `sub` (Dovecot insists on one) and `exp` are filled in */
export function createTokenIssuer(defaults: Record<string, unknown>): TokenIssuer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const header = segment({ alg: "RS256", typ: "JWT", kid: KEY_ID });
  return {
    publicKeys: { [KEY_ID]: publicKey.export({ type: "spki", format: "pem" }).toString() },
    issue(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload = segment({
        sub: "subject",
        iat: now,
        nbf: now,
        exp: now + 3600,
        ...defaults,
        ...claims,
      });
      const signature = sign("sha256", Buffer.from(`${header}.${payload}`), privateKey);
      return `${header}.${payload}.${signature.toString("base64url")}`;
    },
  };
}

function segment(value: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
