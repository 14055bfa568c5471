import { z } from "zod";
import { PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import { endpointSchema, type MailEndpoint, protocolSchema } from "@/lib/egress/schema";
import * as is from "@/lib/kernel/answers/schema";
import {
  daySchema,
  emailAddressSchema,
  filledIn,
  idSchema,
  nameSchema,
} from "@/lib/kernel/fields/schema";
import { networkSchema } from "@/lib/programs/schema";

export const PROTOCOL_LABELS: Readonly<Record<Protocol, string>> = {
  smtp: "Send (SMTP)",
  imap: "Read (IMAP)",
  pop3: "Read (POP3)",
};

const SENDERS_MAX = 20;
const NETWORKS_MAX = 50;
const MESSAGES_MAX = 10_000;

const protocolsSchema = z
  .array(protocolSchema)
  .min(1, "Choose at least one protocol.")
  .transform((chosen) => PROTOCOLS.filter((protocol) => chosen.includes(protocol)));

/** Addresses that it may send from. An empty list is the account's own address. */
const sendersSchema = z
  .array(emailAddressSchema)
  .max(SENDERS_MAX, `Enter at most ${SENDERS_MAX} addresses.`);

/** A day, `2027-03-31`, at whose end (UTC) it stops; null for no end. */
const expiresOnSchema = daySchema.nullable();

export const createDeviceSchema = z.strictObject({
  name: nameSchema,
  emailAccountId: z.uuid({
    error: ({ input }) =>
      typeof input === "string" && input !== ""
        ? "This id is not valid."
        : "Choose an email account.",
  }),
  /** Most devices send, and read nothing: as the form begins. */
  protocols: filledIn(protocolsSchema, ["smtp"]),
  senders: sendersSchema.default([]),
  rewriteFrom: z.boolean({ error: "Choose yes or no." }).default(false),
  networks: z
    .array(networkSchema)
    .max(NETWORKS_MAX, `Enter at most ${NETWORKS_MAX} addresses.`)
    .default([]),
  messagesPerMinute: z
    .number({ error: "Enter a number." })
    .int("Enter a whole number.")
    .min(1, "Enter 1 or more.")
    .max(MESSAGES_MAX, `Enter ${MESSAGES_MAX} or less.`)
    .nullable()
    .default(null),
  expiresOn: expiresOnSchema.default(null),
});

export type CreateDevice = z.output<typeof createDeviceSchema>;

export const updateDeviceSchema = z.strictObject({
  id: idSchema,
  version: z.number().int().positive(),
  ...createDeviceSchema.shape,
  protocols: protocolsSchema,
});
export type UpdateDevice = z.output<typeof updateDeviceSchema>;

export const deviceIdSchema = z.strictObject({ id: idSchema });
export const pauseDeviceSchema = z.strictObject({ id: idSchema, paused: z.boolean() });

/** Of a new device, or of one with a new password: the only time that the password is shown. */
export type NewPassword = { id: string; password: string };

export const DEVICE_STATES = {
  active: "Active",
  paused: "Paused",
  expired: "Expired",
  account_inactive: "Account inactive",
  revoked: "Revoked",
} as const;
export type DeviceState = keyof typeof DEVICE_STATES;
const DEVICE_STATE_NAMES = Object.keys(DEVICE_STATES) as [DeviceState, ...DeviceState[]];

const connectionSchema = z.object({
  protocol: protocolSchema,
  host: is.text.describe("The server to enter."),
  port: is.count.describe("The port to enter."),
  tls: endpointSchema.shape.tls.describe(
    "`implicit` is TLS from the first byte, often called SSL/TLS; or `starttls`.",
  ),
  userName: is.text.describe("The user name to enter. The name of the device is taken as well."),
  plaintextFrom: is.texts.describe("Networks that may log in at this port without encryption."),
  oldTlsFrom: is.texts
    .nullable()
    .describe(
      "The only networks that this port serves, for devices that know TLS 1.0 and 1.1 alone. Null for other ports.",
    ),
});
export type Connection = z.input<typeof connectionSchema>;

export const deviceSchema = z.object({
  id: is.id,
  version: is.version,
  name: is.text,
  prefix: is.text.describe("The first characters of its password."),
  state: z.enum(DEVICE_STATE_NAMES).describe("The current state of the device."),
  paused: is.flag.describe("`true` while the device is paused: its password is refused."),
  emailAccountId: is.id.describe("The account whose mail it sends or reads."),
  emailAddress: is.text.describe("The address of that account."),
  protocols: z.array(protocolSchema).describe("The protocols that the device may use."),
  senders: is.texts.describe("Addresses that it may send from. Empty for the account's own only."),
  rewriteFrom: is.flag.describe(
    "`true` to replace the From address of its messages with the address of the account.",
  ),
  networks: is.texts.describe("Addresses and networks that it may connect from. Empty for any."),
  messagesPerMinute: is.maybeCount.describe(
    "The most messages that the device may send in a minute. Null for no limit of its own.",
  ),
  expiresOn: is.maybeText.describe(
    "The last day on which its password works (UTC). Null for no end.",
  ),
  expiresAt: is.maybeTime.describe("When its password stops working. Null for no end."),
  createdAt: is.time,
  createdByName: is.text.describe("Name of the person or program that created it."),
  revokedAt: is.maybeTime.describe("Revoked devices are listed with view=revoked only."),
  revokedByName: is.maybeText.describe(
    "Name of the person who revoked it. Null also where an earlier version did not record it.",
  ),
  lastUsedAt: is.maybeTime.describe("When it was last used."),
  lastAddress: is.maybeText.describe("The network address that it last came from."),
  lastClient: is.maybeText.describe("The name that its software last gave."),
  lastTlsVersion: is.maybeText.describe("The version of TLS that it last used."),
  lastRefusedAt: is.maybeTime.describe("When a sign-in or a message of it was last refused."),
  messages: is.count.describe("Messages it sent."),
  bytes: is.count.describe("In both directions."),
  connect: z
    .array(connectionSchema)
    .describe("The values to enter in the device, for each port of the gateway that it may use."),
});
export type DeviceRow = Omit<z.input<typeof deviceSchema>, "connect"> & {
  accountName: string;
  sendsByGraph: boolean;
  /** Of its protocols, those for which the account has no server (any more). */
  withoutServer: readonly Protocol[];
  /** The state of its maker: “disabled”, “now a viewer”; null where nothing changed. */
  makerNote: string | null;
};

export type GatewayDescription = {
  host: string;
  listeners: {
    protocol: Protocol;
    tls: MailEndpoint["tls"];
    port: number;
    /** Networks that it serves alone, for devices that know only TLS 1.0 and 1.1. */
    oldTls?: readonly string[];
    /** Networks that may log in without TLS. */
    plaintext?: readonly string[];
  }[];
  hasOwnAuthority: boolean;
};

/** The best first: TLS from the first byte where possible (RFC 8314), and ports open to old TLS last. */
export function listenersFor({ listeners }: GatewayDescription, protocol: Protocol) {
  const rank = ({ tls, oldTls }: (typeof listeners)[number]) =>
    Number(Boolean(oldTls)) * 2 + Number(tls !== "implicit");
  return listeners
    .filter((listener) => listener.protocol === protocol)
    .sort((a, b) => rank(a) - rank(b));
}

export function connectionsOf(
  { protocols, emailAddress: userName }: Pick<DeviceRow, "protocols" | "emailAddress">,
  { host, listeners }: GatewayDescription,
): Connection[] {
  return listeners
    .filter(({ protocol }) => protocols.includes(protocol))
    .map(({ oldTls, plaintext, ...listener }) => ({
      ...listener,
      host,
      userName,
      plaintextFrom: [...(plaintext ?? [])],
      oldTlsFrom: oldTls ? [...oldTls] : null,
    }));
}
