import { readFileSync } from "node:fs";
import type { Keyring } from "./crypto";
import { openEncryptionKey } from "./encryption-key";
import type { Listener } from "./listeners";
import { plainHost, type TrustedProxies } from "./networks";
import { singleton } from "./singleton";
import { commaList, variablesSchema } from "./variables";

export type Env = {
  databaseUrl: string;
  /** Redirect URIs and links are built from it, never from a request. */
  url: URL;
  keyring: Keyring;
  /** Opens at once; seals once proved. */
  readonly unprovedKeyring: Keyring | null;
  keyProblem: string | null;
  cloudsFile: string | undefined;
  /** PEM, in addition to the system's. */
  extraCaPem: string | undefined;
  /** Hosts that may resolve to private addresses. */
  privateHosts: ReadonlySet<string>;
  federatedTokens: { directories: readonly string[]; file: string | undefined };
  identityEndpoint: { url: string; header: string } | undefined;
  /** In addition to the standard ones. */
  mailPorts: ReadonlySet<number>;
  /** Per keeper. */
  testParallelism: number;
  testsAtOnce: number;
  /** Per keeper, in total and per tenant. */
  refreshCaps: { atOnce: number; perTenant: number };
  /** Folder; undefined: no automatic archive. */
  auditArchive: string | undefined;
  /** Besides the current month. */
  auditMonths: number;
  deviceListeners: readonly Listener[];
  deviceHost: string;
  deviceCertificate: { certificateFile: string; keyFile: string } | undefined;
  mailboxPace: { messages: number; seconds: number } | undefined;
  trustProxy: TrustedProxies;
};

/** @throws EnvError with one line per wrong variable */
export function env(): Env {
  return singleton("env", () => readEnv(process.env));
}

type Variables = Record<string, string | undefined>;

export class EnvError extends Error {
  override readonly name = "EnvError";
}

export function readEnv(variables: Variables): Env {
  const parsed = variablesSchema.safeParse(withoutEmpty(variables));
  if (!parsed.success)
    throw new EnvError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join("\n"),
    );
  const values = parsed.data;
  const key = openEncryptionKey(values.POSTKEY_KEY, values.POSTKEY_KEY_FILE);
  const read = {
    databaseUrl: values.DATABASE_URL,
    url: new URL(values.POSTKEY_URL),
    get keyring() {
      return key.keyring();
    },
    set keyring(keyring) {
      key.replace(keyring);
    },
    get unprovedKeyring() {
      return key.unproved();
    },
    keyProblem: key.problem,
    cloudsFile: values.POSTKEY_CLOUDS_FILE,
    extraCaPem: readOptional("POSTKEY_CA_FILE", values.POSTKEY_CA_FILE),
    privateHosts: new Set(commaList(values.POSTKEY_PRIVATE_HOSTS).map(plainHost)),
    federatedTokens: {
      directories: commaList(values.POSTKEY_FEDERATED_TOKEN_DIRS),
      file: values.AZURE_FEDERATED_TOKEN_FILE,
    },
    identityEndpoint: values.IDENTITY_ENDPOINT
      ? { url: values.IDENTITY_ENDPOINT, header: values.IDENTITY_HEADER ?? "" }
      : undefined,
    mailPorts: new Set(commaList(values.POSTKEY_MAIL_PORTS).map(Number)),
    testParallelism: values.POSTKEY_TEST_PARALLELISM,
    testsAtOnce: values.POSTKEY_TESTS_AT_ONCE,
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
}): Env["deviceCertificate"] {
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

function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
