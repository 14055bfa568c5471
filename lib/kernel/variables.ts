import { isAbsolute } from "node:path";
import { z } from "zod";
import { readListeners } from "./listeners";
import { isNetwork, plainHost, readTrustedProxies } from "./networks";

const numberTo = (most: number, error = `must be a number from 1 to ${most}`) =>
  z.coerce.number({ error }).int(error).min(1, error).max(most, error);

const portSchema = numberTo(65_535, "must be a port number");

const absolutePath = z.string().refine(isAbsolute, "must be an absolute path");

const PACE_IS = "must be a number of messages and one of seconds, each up to 999, such as 30/60";

export const variablesSchema = z.object({
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
  POSTKEY_TOKEN_PORT: z
    .never("is now POSTKEY_API_PORT: set that instead. The gateway serves the whole API there")
    .optional(),
  POSTKEY_KEY: z.string().optional(),
  POSTKEY_KEY_FILE: z.string().optional(),
  POSTKEY_CLOUDS_FILE: z.string().optional(),
  POSTKEY_CA_FILE: z.string().optional(),
  POSTKEY_PRIVATE_HOSTS: z
    .string()
    .refine(
      (text) => commaList(text).every(isHost),
      "must be host names or IP addresses with commas between: no networks, ports or https://",
    )
    .default(""),
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
    .refine(
      (text) => /^[\d,]*$/.test(text) && text.split(",").every(isPort),
      "must be port numbers from 1 to 65535 with commas between",
    )
    .default(""),
  POSTKEY_REFRESH_AT_ONCE: numberTo(1_000).default(20),
  POSTKEY_REFRESH_PER_TENANT: numberTo(1_000).default(5),
  POSTKEY_TEST_PARALLELISM: numberTo(100).default(20),
  POSTKEY_TESTS_AT_ONCE: numberTo(64).default(8),
  POSTKEY_AUDIT_ARCHIVE: absolutePath.optional(),
  POSTKEY_AUDIT_MONTHS: numberTo(1_000).default(13),
  POSTKEY_DEVICE_LISTENERS: z
    .string()
    .default("")
    .transform((text, context) => {
      const listeners = readListeners(text);
      if (listeners) return listeners;
      context.addIssue({ code: "custom", message: LISTENERS_ARE });
      return z.NEVER;
    }),
  POSTKEY_DEVICE_HOST: z
    .string()
    .refine(isHost, "must be a host name or an IP address, without a port or https://")
    .optional(),
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

function isPort(text: string): boolean {
  return text === "" || portSchema.safeParse(text).success;
}

/** Anything else can match no server name. */
function isHost(text: string): boolean {
  if (text.includes("/")) return false;
  return isNetwork(plainHost(text)) || /^[^\s,:*@?#[\]]+$/.test(text);
}

function isSafeOrigin(text: string): boolean {
  const { protocol, hostname, pathname, search, hash, username } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1"].includes(hostname);
  return (protocol === "https:" || isLoopback) && pathname === "/" && !search && !hash && !username;
}

export function commaList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}
