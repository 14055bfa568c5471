import { readFileSync } from "node:fs";
import type { Keyring } from "./crypto";
import { openEncryptionKey } from "./encryption-key";
import type { Listener } from "./listeners";
import { plainHost, type TrustedProxies } from "./networks";
import { singleton } from "./singleton";
import { commaList, variablesSchema } from "./variables";

export type Env = {
  databaseUrl: string;
  /** Public origin: the redirect URI and every link are built from it, never from a request. */
  url: URL;
  /** As the key file stands now; without a usable key, one that nothing was ever sealed with. */
  keyring: Keyring;
  /** What the key file holds if it is none of the keys in use: it opens, and seals when it was proved. */
  readonly unprovedKeyring: Keyring | null;
  /** Why there is no usable key, for people; null when there is one. */
  keyProblem: string | null;
  /** JSON file with more cloud presets. */
  cloudsFile: string | undefined;
  /** Certificates to trust beside the system's, PEM. */
  extraCaPem: string | undefined;
  /** Hosts that may be private addresses: of Custom accounts, providers, alert mail and webhooks. */
  privateHosts: ReadonlySet<string>;
  /** Directories from which federated tokens may be read, and the file that Azure names. */
  federatedTokens: { directories: readonly string[]; file: string | undefined };
  /** Where a managed identity is asked for: that of App Service, or of the virtual machine. */
  identityEndpoint: { url: string; header: string } | undefined;
  /** Ports of mail servers beside the standard ones: of Custom accounts, providers and alert mail. */
  mailPorts: ReadonlySet<number>;
  /** How many scheduled connection tests a keeper runs at once. */
  testParallelism: number;
  /** How many accounts are tested at once by runs of many, in all keepers together. */
  testsAtOnce: number;
  /** Calls of one keeper to identity platforms in flight, in all and for one tenant. */
  refreshCaps: { atOnce: number; perTenant: number };
  /** Folder of the archive of the audit trail; undefined: nothing is archived by itself. */
  auditArchive: string | undefined;
  /** Whole months that the audit trail keeps in the database, beside the one that runs. */
  auditMonths: number;
  /** Where devices send and read mail, through the gateway. */
  deviceListeners: readonly Listener[];
  /** What devices enter as their server. */
  deviceHost: string;
  /** The gateway's own certificate, PEM files; undefined: Postkey's local authority makes one. */
  deviceCertificate: { certificateFile: string; keyFile: string } | undefined;
  /** How fast one mailbox sends for devices, where its house limits that; undefined: as fast as that allows. */
  mailboxPace: { messages: number; seconds: number } | undefined;
  /** The proxies whose `X-Forwarded-For` is trusted for a client's address; undefined: none. */
  trustProxy: TrustedProxies;
};

/** @throws EnvError with one line per wrong variable */
export function env(): Env {
  return singleton("env", () => readEnv(process.env));
}

type Variables = Record<string, string | undefined>;

/** The configuration is wrong: the message names each variable and what it must be. */
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
  // A process that reads the environment of another must not find the key there for ever.
  delete variables.POSTKEY_KEY;
  return read;
}

/** @throws EnvError with one of them only */
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
