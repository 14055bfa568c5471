import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { z } from "zod";
import type { Keyring } from "./crypto";
import { openEncryptionKey } from "./encryption-key";
import { type Listener, readListeners } from "./listeners";
import { plainHost, readTrustedProxies, type TrustedProxies } from "./networks";
import { singleton } from "./singleton";

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

const countSchema = z.coerce
  .number({ error: "must be a number" })
  .int("must be a whole number")
  .min(1, "must be 1 at the least")
  .max(1_000, "must be 1000 at the most");

const portSchema = z.coerce
  .number({ error: "must be a port number" })
  .int("must be a port number")
  .min(1, "must be a port number")
  .max(65_535, "must be a port number");

const absolutePath = z.string().refine(isAbsolute, "must be an absolute path");

const PACE_IS = "must be a number of messages and one of seconds, each up to 999, such as 30/60";

/** Every variable with what it must be; the messages are what the operator reads at start. */
const schema = z.object({
  DATABASE_URL: z
    .string({ error: "must be set to the address of a PostgreSQL, postgresql://…" })
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://"),
  POSTKEY_URL: z
    .url({
      protocol: /^https?$/,
      error: "must be an address such as https://postkey.example.com",
      abort: true,
    })
    .default("http://localhost:3000")
    .refine(isSafeOrigin, "must be https (http only for localhost), without path, query or user"),
  PORT: portSchema.optional(),
  POSTKEY_API_PORT: portSchema.optional(),
  // What it was called while the keeper handed out access tokens there, and nothing else.
  POSTKEY_TOKEN_PORT: z
    .never("is now POSTKEY_API_PORT: set that instead. The gateway serves the whole API there")
    .optional(),
  POSTKEY_KEY: z.string().optional(),
  POSTKEY_KEY_FILE: z.string().optional(),
  POSTKEY_CLOUDS_FILE: z.string().optional(),
  POSTKEY_CA_FILE: z.string().optional(),
  POSTKEY_PRIVATE_HOSTS: z.string().default(""),
  POSTKEY_FEDERATED_TOKEN_DIRS: z
    .string()
    .refine(
      (text) => commaList(text).every(isAbsolute),
      "must be absolute paths with commas between",
    )
    .default(""),
  AZURE_FEDERATED_TOKEN_FILE: absolutePath.optional(),
  IDENTITY_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be an address" }).optional(),
  IDENTITY_HEADER: z.string().optional(),
  POSTKEY_MAIL_PORTS: z
    .string()
    .regex(/^(\d{1,5}(,\d{1,5})*)?$/, "must be port numbers separated by commas")
    .default(""),
  POSTKEY_REFRESH_AT_ONCE: countSchema.default(20),
  POSTKEY_REFRESH_PER_TENANT: countSchema.default(5),
  POSTKEY_TEST_PARALLELISM: z.coerce
    .number({ error: "must be a number from 1 to 100" })
    .int("must be a number from 1 to 100")
    .min(1, "must be a number from 1 to 100")
    .max(100, "must be a number from 1 to 100")
    .default(20),
  POSTKEY_TESTS_AT_ONCE: z.coerce
    .number({ error: "must be a number from 1 to 64" })
    .int("must be a number from 1 to 64")
    .min(1, "must be a number from 1 to 64")
    .max(64, "must be a number from 1 to 64")
    .default(8),
  POSTKEY_AUDIT_ARCHIVE: absolutePath.optional(),
  POSTKEY_AUDIT_MONTHS: countSchema.default(13),
  POSTKEY_DEVICE_LISTENERS: z
    .string()
    .default("")
    .transform((text, context) => {
      const listeners = readListeners(text);
      if (listeners) return listeners;
      context.addIssue({ code: "custom", message: LISTENERS_ARE });
      return z.NEVER;
    }),
  POSTKEY_DEVICE_HOST: z.string().optional(),
  POSTKEY_DEVICE_CERTIFICATE_FILE: absolutePath.optional(),
  POSTKEY_DEVICE_KEY_FILE: absolutePath.optional(),
  POSTKEY_MAILBOX_PACE: z
    .string()
    .regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, PACE_IS)
    .transform((text) => {
      const [messages = 0, seconds = 0] = text.split("/").map(Number);
      return { messages, seconds };
    })
    .optional(),
  POSTKEY_TRUST_PROXY: z
    .string()
    .default("0")
    .transform((text, context) => {
      const read = readTrustedProxies(text);
      if (read) return read.trusted;
      context.addIssue({ code: "custom", message: TRUST_PROXY_IS });
      return z.NEVER;
    }),
});

const LISTENERS_ARE =
  "must be addresses such as smtps://0.0.0.0:465,smtp://0.0.0.0:587,imaps://0.0.0.0:993,pop3s://0.0.0.0:995 (smtp, imap and pop3 start TLS by STARTTLS), with options such as ?plaintext=NETWORK, from=, proxy= and oldTls= behind them";

const TRUST_PROXY_IS =
  "must be 0, the number of proxies one behind the other (1 to 9), or their addresses and networks with commas between";

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
  const parsed = schema.safeParse(withoutEmpty(variables));
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

function isSafeOrigin(text: string): boolean {
  const { protocol, hostname, pathname, search, hash, username } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1"].includes(hostname);
  return (protocol === "https:" || isLoopback) && pathname === "/" && !search && !hash && !username;
}

function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

function commaList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}
