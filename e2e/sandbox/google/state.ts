import { createHmac, generateKeyPairSync, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { readText, writeAtomically } from "../files";

/** The one OAuth client and the one service account that the sandbox's Google knows. */
export interface GoogleState {
  version: typeof VERSION;
  clientId: string;
  clientSecret: string;
  /** Signs values that are opaque to clients: access and refresh tokens. */
  tokenKey: string;
  serviceAccount: {
    email: string;
    /** What the administrator of a domain delegates to. */
    clientId: string;
    keyId: string;
    privateKeyPem: string;
    publicKeyPem: string;
    /** Domains that delegated the mail scope to it. */
    domains: string[];
  };
  /** By account number: refresh tokens from before this moment no longer count. */
  revokedAt: Record<string, number>;
}

const VERSION = 1;
const PROJECT = "postkey-sandbox";

/** What was made at the first start. */
export function loadGoogle(stateDir: string): GoogleState {
  const file = join(stateDir, "google.json");
  const kept = parse(readText(file));
  if (kept) return kept;
  const made = createGoogle();
  writeAtomically(file, `${JSON.stringify(made, null, 1)}\n`);
  return made;
}

function parse(text: string): GoogleState | undefined {
  try {
    // Only this program writes the file, and it is renamed into place whole.
    const state = JSON.parse(text) as GoogleState;
    return state.version === VERSION ? state : undefined;
  } catch {
    return undefined;
  }
}

function createGoogle(): GoogleState {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    version: VERSION,
    clientId: "482915730064-sandbox.apps.googleusercontent.com",
    clientSecret: `GOCSPX-${randomBytes(21).toString("base64url")}`,
    tokenKey: randomBytes(32).toString("base64url"),
    serviceAccount: {
      email: `postkey@${PROJECT}.iam.gserviceaccount.com`,
      clientId: "110248495921238986420",
      keyId: randomBytes(20).toString("hex"),
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
      domains: ["wingtip.test"],
    },
    revokedAt: {},
  };
}

/** The key file as Google hands it out. */
export function serviceAccountKey({ serviceAccount }: GoogleState, tokenUri: string): string {
  const { email, clientId, keyId, privateKeyPem } = serviceAccount;
  return JSON.stringify(
    {
      type: "service_account",
      project_id: PROJECT,
      private_key_id: keyId,
      private_key: privateKeyPem,
      client_email: email,
      client_id: clientId,
      token_uri: tokenUri,
    },
    null,
    2,
  );
}

export type Sealed = { sub: string; scope: string; clientId: string; at: number; endsAt: number };

/** Text that only this sandbox can read back: opaque, as Google's tokens are. */
export function sealToken(state: GoogleState, prefix: string, value: Sealed): string {
  const text = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${prefix}${text}~${signature(state, text)}`;
}

export function openToken(state: GoogleState, prefix: string, token: string): Sealed | undefined {
  if (!token.startsWith(prefix)) return undefined;
  const [text = "", given = ""] = token.slice(prefix.length).split("~");
  const expected = signature(state, text);
  const isRight =
    given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  return isRight ? JSON.parse(Buffer.from(text, "base64url").toString("utf8")) : undefined;
}

function signature({ tokenKey }: GoogleState, text: string): string {
  return createHmac("sha256", tokenKey).update(text).digest("base64url").slice(0, 32);
}
