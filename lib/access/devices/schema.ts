import { z } from "zod";
import { networkSchema } from "@/lib/access/api-keys/schema";
import { PROTOCOLS, type Protocol, protocolSchema } from "@/lib/egress/schema";
import { emailAddressSchema, idSchema, nameSchema } from "@/lib/kernel/fields/schema";

export const PROTOCOL_LABELS: Readonly<Record<Protocol, string>> = {
  smtp: "Send (SMTP)",
  imap: "Read (IMAP)",
  pop3: "Read (POP3)",
};

const SENDERS_MAX = 20;
const NETWORKS_MAX = 50;
const MESSAGES_MAX = 10_000;

export const createDeviceSchema = z.strictObject({
  name: nameSchema,
  emailAccountId: idSchema,
  protocols: z
    .array(protocolSchema)
    .min(1, "Choose at least one protocol.")
    .transform((chosen) => PROTOCOLS.filter((protocol) => chosen.includes(protocol))),
  /** Addresses that it may send from. An empty list is the account's own address. */
  senders: z
    .array(emailAddressSchema)
    .max(SENDERS_MAX, `Enter at most ${SENDERS_MAX} addresses.`)
    .default([]),
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
  /** A day, `2027-03-31`, at whose end (UTC) it stops; null for no end. */
  expiresOn: z.iso.date({ error: "Choose a day." }).nullable().default(null),
});

type Parsed = z.output<typeof createDeviceSchema>;
export type CreateDevice = Pick<Parsed, "name" | "emailAccountId" | "protocols"> & Partial<Parsed>;

export const deviceIdSchema = z.strictObject({ id: idSchema });
export const pauseDeviceSchema = z.strictObject({ id: idSchema, paused: z.boolean() });

/** Of a new device, or of one with a new password: the only time that the password is shown. */
export type NewPassword = { id: string; password: string };

export const DEVICE_STATES = {
  active: "Active",
  paused: "Paused",
  expired: "Expired",
  account_inactive: "Account inactive",
} as const;
export type DeviceState = keyof typeof DEVICE_STATES;

export type DeviceRow = {
  id: string;
  name: string;
  /** What its password begins with. */
  prefix: string;
  state: DeviceState;
  emailAccountId: string;
  accountName: string;
  emailAddress: string;
  protocols: Protocol[];
  senders: string[];
  networks: string[];
  messagesPerMinute: number | null;
  expiresAt: Date | null;
  createdAt: Date;
  createdByName: string;
  lastUsedAt: Date | null;
  lastAddress: string | null;
  lastClient: string | null;
  lastTlsVersion: string | null;
  /** Sent, and bytes in both directions. */
  messages: number;
  bytes: number;
};

/** What a person enters into a device: the server, and a port with its encryption for each protocol. */
export type GatewayDescription = {
  host: string;
  listeners: { protocol: Protocol; tls: "implicit" | "starttls"; port: number }[];
  /** Whether devices have to be told to trust Postkey's own authority. */
  hasOwnAuthority: boolean;
};
