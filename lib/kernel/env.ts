import { readFileSync } from "node:fs";
import type { Keyring } from "./crypto";
import { openEncryptionKey } from "./encryption-key";
import { plainHost } from "./networks";
import { singleton } from "./singleton";
import { commaList, variablesSchema } from "./variables";

export type Env = ReturnType<typeof readEnv>;

/** @throws EnvError with one line per wrong variable */
export function env(): Env {
  return singleton("env", () => readEnv(process.env));
}

type Variables = Record<string, string | undefined>;

export class EnvError extends Error {
  override readonly name = "EnvError";
}

export function readEnv(variables: Variables) {
  const parsed = variablesSchema.safeParse(withoutEmpty(variables));
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

function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
