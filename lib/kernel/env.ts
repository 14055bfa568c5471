import { readFileSync, statSync } from "node:fs";
import { createKeyring, type Keyring, newKey } from "./crypto";
import { plainHost } from "./networks";
import { singleton } from "./singleton";
import { commaList, variablesSchema } from "./variables";

export type Env = ReturnType<typeof readEnv>;

/** @throws EnvError with one line per wrong variable */
export function env(): Env {
  return singleton("env", () => readEnv(process.env));
}

export class EnvError extends Error {
  override readonly name = "EnvError";
}

export function readEnv(variables: Record<string, string | undefined>) {
  const parsed = variablesSchema.safeParse(
    Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== "")),
  );
  if (!parsed.success)
    throw new EnvError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join("\n"),
    );
  const values = parsed.data;
  const key = openEncryptionKey(values.POSTKEY_KEY, values.POSTKEY_KEY_FILE);
  const read = {
    databaseUrl: values.DATABASE_URL,
    /** Redirect URIs and links are built from it, never from a request. */
    url: new URL(values.POSTKEY_URL),
    get keyring(): Keyring {
      return key.keyring();
    },
    set keyring(keyring) {
      key.replace(keyring);
    },
    /** Opens at once; seals once proved. */
    get unprovedKeyring() {
      return key.unproved();
    },
    keyProblem: key.problem,
    cloudsFile: values.POSTKEY_CLOUDS_FILE,
    extraCaPem: readOptional("POSTKEY_CA_FILE", values.POSTKEY_CA_FILE),
    /** May resolve to private addresses. */
    privateHosts: new Set(commaList(values.POSTKEY_PRIVATE_HOSTS).map(plainHost)),
    federatedTokens: {
      directories: commaList(values.POSTKEY_FEDERATED_TOKEN_DIRS),
      file: values.AZURE_FEDERATED_TOKEN_FILE,
    },
    identityEndpoint: values.IDENTITY_ENDPOINT
      ? { url: values.IDENTITY_ENDPOINT, header: values.IDENTITY_HEADER ?? "" }
      : undefined,
    /** In addition to the standard ones. */
    mailPorts: new Set(commaList(values.POSTKEY_MAIL_PORTS).map(Number)),
    testParallelism: values.POSTKEY_TEST_PARALLELISM,
    testsAtOnce: values.POSTKEY_TESTS_AT_ONCE,
    /** Per keeper. */
    refreshCaps: {
      atOnce: values.POSTKEY_REFRESH_AT_ONCE,
      perTenant: values.POSTKEY_REFRESH_PER_TENANT,
    },
    auditArchive: values.POSTKEY_AUDIT_ARCHIVE,
    auditMonths: values.POSTKEY_AUDIT_MONTHS,
    trustProxy: values.POSTKEY_TRUST_PROXY,
    deviceListeners: values.POSTKEY_DEVICE_LISTENERS,
    deviceHost: values.POSTKEY_DEVICE_HOST ?? new URL(values.POSTKEY_URL).hostname,
    deviceCertificate: certificateFiles(values),
    mailboxPace: values.POSTKEY_MAILBOX_PACE,
  };
  // The environment is readable by other processes of the user.
  delete variables.POSTKEY_KEY;
  return read;
}

/** @throws EnvError if only one is set */
function certificateFiles(values: {
  POSTKEY_DEVICE_CERTIFICATE_FILE?: string | undefined;
  POSTKEY_DEVICE_KEY_FILE?: string | undefined;
}) {
  const { POSTKEY_DEVICE_CERTIFICATE_FILE: certificateFile, POSTKEY_DEVICE_KEY_FILE: keyFile } =
    values;
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined)
    throw new EnvError(
      "POSTKEY_DEVICE_CERTIFICATE_FILE and POSTKEY_DEVICE_KEY_FILE must be set together.",
    );
  return { certificateFile, keyFile };
}

function readOptional(variable: string, file: string | undefined): string | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new EnvError(`${variable} names a file that cannot be read.`, { cause: error });
  }
}

/** Reading the file for every token would cost as much as opening the token. */
const LOOK_AGAIN_MS = 200;

/** A new ring without a shared key opens at once but seals once proved: the file may be wrong. */
export function openEncryptionKey(value: string | undefined, file: string | undefined) {
  const first = readKeyring(value, file);
  const watched = value === undefined && first.keyring ? file : undefined;
  let own = first.keyring ?? createKeyring([newKey()]);
  let [inUse, unproved]: [Keyring, Keyring | null] = [own, null];
  let stamp = stampOf(watched);
  let lookedAt = performance.now();

  const use = (keyring: Keyring, other: Keyring | null = null) => {
    own = keyring;
    unproved = other;
    inUse = other ? { ...own, byId: new Map([...other.byId, ...own.byId]) } : own;
  };
  const look = () => {
    if (performance.now() - lookedAt < LOOK_AGAIN_MS) return;
    lookedAt = performance.now();
    const now = stampOf(watched);
    if (now === stamp) return;
    stamp = now;
    const { keyring } = readKeyring(undefined, watched);
    if (!keyring) return;
    if ([...keyring.byId.keys()].some((id) => own.byId.has(id))) use(keyring);
    else use(own, keyring);
  };
  return {
    problem: first.problem,
    /** Without a usable key, a random one that has sealed nothing. */
    keyring: () => {
      look();
      return inUse;
    },
    unproved: () => {
      look();
      return unproved;
    },
    replace: (keyring: Keyring) => {
      use(keyring);
      stamp = ""; // what the file holds is compared with this ring at the next look
    },
  };
}

function stampOf(file: string | undefined): string {
  try {
    const found = file === undefined ? undefined : statSync(file);
    return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : "";
  } catch {
    return ""; // gone or out of reach: the keys in use stay
  }
}

type ReadKey = { keyring: Keyring; problem: null } | { keyring: null; problem: string };

function readKeyring(value: string | undefined, file: string | undefined): ReadKey {
  const without = (problem: string): ReadKey => ({ keyring: null, problem });
  if (value === undefined && !file)
    return without("POSTKEY_KEY or POSTKEY_KEY_FILE must give the encryption key (32 bytes).");
  const text = value ?? readText(file);
  if (text === null)
    return without(
      `The key file ${file} cannot be read. Copy the encryption key there, or set POSTKEY_KEY_FILE to where it is.`,
    );
  try {
    return { keyring: createKeyring(text.trim().split(/[\s,]+/)), problem: null };
  } catch {
    const variable = value === undefined ? "POSTKEY_KEY_FILE" : "POSTKEY_KEY";
    return without(`${variable} must give keys of 32 bytes in base64 or hex.`);
  }
}

function readText(file = ""): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
