import { z } from "zod";
import { networkSchema } from "@/lib/access/api-keys/schema";
import {
  endpointSchema,
  type MailEndpoint,
  PROTOCOLS,
  type Protocol,
  protocolSchema,
} from "@/lib/egress/schema";
import {
  countSchema,
  daySchema,
  emailAddressSchema,
  filledIn,
  idSchema,
  nameSchema,
  timestampSchema,
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
const DEVICE_STATE_NAMES = Object.keys(DEVICE_STATES) as [DeviceState, ...DeviceState[]];

/** What is entered in a device for one protocol. */
const connectionSchema = z.object({
  protocol: protocolSchema,
  host: z.string(),
  port: countSchema,
  tls: endpointSchema.shape.tls,
  userName: z.string(),
  plaintextFrom: z.array(z.string()),
  oldTlsFrom: z.array(z.string()).nullable(),
});
export type Connection = z.input<typeof connectionSchema>;

/** A device of the API, without its password. */
export const deviceSchema = z.object({
  id: z.uuid(),
  version: countSchema,
  name: z.string(),
  prefix: z.string().describe("The first characters of its password."),
  state: z.enum(DEVICE_STATE_NAMES),
  paused: z.boolean(),
  emailAccountId: z.uuid(),
  emailAddress: z.string(),
  protocols: z.array(protocolSchema),
  senders: z
    .array(z.string())
    .describe("Addresses it may send from. Empty: only the account's own address."),
  rewriteFrom: z.boolean(),
  networks: z.array(z.string()).describe("Addresses and networks it may connect from."),
  messagesPerMinute: countSchema.nullable(),
  expiresOn: z.string().nullable().describe("The last day, in UTC."),
  expiresAt: timestampSchema.nullable(),
  createdAt: timestampSchema,
  createdByName: z.string(),
  revokedAt: timestampSchema
    .nullable()
    .describe("Revoked devices are listed with view=revoked only."),
  revokedByName: z
    .string()
    .nullable()
    .describe(
      "Name of the person who revoked it. Null also where an earlier version did not record it.",
    ),
  lastUsedAt: timestampSchema.nullable(),
  lastAddress: z.string().nullable(),
  lastClient: z.string().nullable(),
  lastTlsVersion: z.string().nullable(),
  lastRefusedAt: timestampSchema
    .nullable()
    .describe("When a sign-in or a message of it was last refused."),
  messages: countSchema.describe("Messages it sent."),
  bytes: countSchema.describe("In both directions."),
  connect: z
    .array(connectionSchema)
    .describe("The values to enter in the device, for each port of the gateway that it may use."),
});
export type DeviceRow = Omit<z.input<typeof deviceSchema>, "connect"> & {
  accountName: string;
  /** The state of its maker: “disabled”, “now a viewer”; null where nothing changed. */
  makerNote: string | null;
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
