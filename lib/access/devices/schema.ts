import { z } from "zod";
import { networkSchema } from "@/lib/access/api-keys/schema";
import { type MailEndpoint, PROTOCOLS, type Protocol, protocolSchema } from "@/lib/egress/schema";
import {
  daySchema,
  emailAddressSchema,
  filledIn,
  idSchema,
  nameSchema,
} from "@/lib/kernel/fields/schema";

export const PROTOCOL_LABELS: Readonly<Record<Protocol, string>> = {
  smtp: "Send (SMTP)",
  imap: "Read (IMAP)",
  pop3: "Read (POP3)",
};

const SENDERS_MAX = 20;
const NETWORKS_MAX = 50;
const MESSAGES_MAX = 10_000;

const accountIdSchema = z.uuid({
  error: ({ input }) =>
    typeof input === "string" && input !== ""
      ? "This id is not valid."
      : "Choose an email account.",
});

const protocolsSchema = z
  .array(protocolSchema)
  .min(1, "Choose at least one protocol.")
  .transform((chosen) => PROTOCOLS.filter((protocol) => chosen.includes(protocol)));

/** Addresses that it may send from. An empty list is the account's own address. */
const sendersSchema = z
  .array(emailAddressSchema)
  .max(SENDERS_MAX, `Enter at most ${SENDERS_MAX} addresses.`);

const networksSchema = z
  .array(networkSchema)
  .max(NETWORKS_MAX, `Enter at most ${NETWORKS_MAX} addresses.`);

const messagesSchema = z
  .number({ error: "Enter a number." })
  .int("Enter a whole number.")
  .min(1, "Enter 1 or more.")
  .max(MESSAGES_MAX, `Enter ${MESSAGES_MAX} or less.`)
  .nullable();

/** A day, `2027-03-31`, at whose end (UTC) it stops; null for no end. */
const expiresOnSchema = daySchema.nullable();

export const createDeviceSchema = z.strictObject({
  name: nameSchema,
  emailAccountId: accountIdSchema,
  /** Most devices send, and read nothing: as the form begins. */
  protocols: filledIn(protocolsSchema, ["smtp"]),
  senders: sendersSchema.default([]),
  /** Whether the From of its messages becomes the account's address. */
  rewriteFrom: z.boolean({ error: "Choose yes or no." }).default(false),
  networks: networksSchema.default([]),
  messagesPerMinute: messagesSchema.default(null),
  expiresOn: expiresOnSchema.default(null),
});

export type CreateDevice = z.output<typeof createDeviceSchema>;

/** Every field, as it shall be. */
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

export type DeviceRow = {
  id: string;
  /** Goes up with each edit. */
  version: number;
  name: string;
  /** What its password begins with. */
  prefix: string;
  state: DeviceState;
  paused: boolean;
  emailAccountId: string;
  accountName: string;
  emailAddress: string;
  protocols: Protocol[];
  senders: string[];
  rewriteFrom: boolean;
  networks: string[];
  messagesPerMinute: number | null;
  /** The last day, and when it is over. */
  expiresOn: string | null;
  expiresAt: Date | null;
  createdAt: Date;
  createdByName: string;
  /** What has become of that person: “disabled”, “now a viewer”; null where nothing has. */
  makerNote: string | null;
  /** Null while it is not revoked; the name is null where an earlier version revoked it. */
  revokedAt: Date | null;
  revokedByName: string | null;
  lastUsedAt: Date | null;
  lastAddress: string | null;
  lastClient: string | null;
  lastTlsVersion: string | null;
  lastRefusedAt: Date | null;
  /** Sent, and bytes in both directions. */
  messages: number;
  bytes: number;
};

/** What a person enters into a device: the server, and a port with its encryption for each protocol. */
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
  /** Whether devices have to be told to trust Postkey's own authority. */
  hasOwnAuthority: boolean;
};

/** What is entered in a device for one protocol. */
export type Connection = {
  protocol: Protocol;
  host: string;
  port: number;
  tls: MailEndpoint["tls"];
  userName: string;
  /** Networks that may log in without TLS. */
  plaintextFrom: string[];
  /** The only networks that it serves, which know TLS 1.0 and 1.1 alone; null where it serves others too. */
  oldTlsFrom: string[] | null;
};

/** Where a device may connect, by what it may do, in the order of the configuration. */
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
