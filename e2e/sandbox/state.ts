import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Scopes } from "./exchange/access";
import { readText, writeAtomically } from "./files";
import { createGoogle, type GoogleState } from "./google/state";
import type { Registration } from "./registrations";

export interface RefreshToken {
  oid: string;
  clientId: string;
  scopes: string[];
  issuedAt: number;
  /** All tokens that descend from one sign-in: a replayed code ends the whole family. */
  familyId: string;
  /** Whom the tokens are of, where thousands of people are to be like one in everything else. */
  as?: { oid: string; tenantId: string };
}

/** What outlives a restart; times are milliseconds since 1970. */
export interface SandboxState {
  version: typeof VERSION;
  signingKey: { kid: string; privateKeyPem: string };
  registrations: Registration[];
  /** Management scopes of Exchange Online. */
  scopes: Scopes;
  /** `oid clientId` or, for an organisation, `tid clientId` → the scopes agreed to. */
  consents: Record<string, string[]>;
  /** Signs what is opaque to clients: refresh tokens, and Google's access tokens. */
  tokenKey: string;
  google: GoogleState;
  /** Sign-ins whose refresh tokens no longer count. */
  endedFamilies: string[];
  /** By oid: grants from before this moment no longer count. */
  revokedAt: Record<string, number>;
  mailPassword: string;
  ports: Record<string, number>;
}

export interface StateFile {
  data: SandboxState;
  /** Writes soon; several changes in a row become one write. */
  save(): void;
  flush(): void;
}

const SAVE_DELAY_MS = 100;
/** Raised with every change of shape: an older state is dropped instead of being migrated. */
const VERSION = 5;

/** Opens the state directory's document, or starts a new one. */
export function openState(stateDir: string, registrations: () => Registration[]): StateFile {
  const file = join(stateDir, "state.json");
  const data = parseState(readText(file)) ?? newState(registrations());
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writeAtomically(file, `${JSON.stringify(data, null, 1)}\n`);
  };
  const save = () => {
    timer ??= setTimeout(flush, SAVE_DELAY_MS).unref();
  };
  flush();
  return { data, save, flush };
}

function parseState(text: string): SandboxState | undefined {
  try {
    // Only this program writes the file, and it is renamed into place whole.
    const state = JSON.parse(text) as SandboxState;
    return state.version === VERSION ? state : undefined;
  } catch {
    return undefined;
  }
}

function newState(registrations: Registration[]): SandboxState {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    version: VERSION,
    signingKey: {
      kid: randomBytes(16).toString("base64url"),
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    },
    registrations,
    scopes: {},
    consents: {},
    tokenKey: randomBytes(32).toString("base64url"),
    google: createGoogle(),
    endedFamilies: [],
    revokedAt: {},
    mailPassword: `legacy-${randomBytes(6).toString("base64url")}`,
    ports: {},
  };
}
