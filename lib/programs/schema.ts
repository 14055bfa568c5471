import { z } from "zod";
import { daySchema, idSchema, KEY_MAX, nameSchema } from "@/lib/kernel/fields/schema";
import { nameKey } from "@/lib/kernel/text/normalize";

export const KEY_PERMISSIONS = {
  "tokens:read": "Fetch access tokens",
  "mail:send": "Send messages",
  "mail:read": "List the newest messages",
  "accounts:test": "Test connections",
  "accounts:read": "Read email accounts",
  "accounts:write": "Change email accounts",
  "providers:read": "Read cloud providers",
  "providers:write": "Change cloud providers",
  "authorizations:write": "Sign mailboxes in",
  "contacts:read": "Read contacts",
  "contacts:write": "Change contacts",
  "devices:read": "Read devices",
  "devices:write": "Change devices",
  "incidents:read": "Read incidents",
  "alerts:read": "Read alert channels",
  "alerts:write": "Change alert channels",
  "audit:read": "Read the audit trail",
  "events:read": "Read events",
  "metrics:read": "Read metrics",
} as const;
export type KeyPermission = keyof typeof KEY_PERMISSIONS;

/** Those that are about one account each: all that a key for some accounts may be allowed. */
const ACCOUNT_PERMISSIONS: readonly KeyPermission[] = [
  ...(["tokens:read", "mail:send", "mail:read", "accounts:test", "accounts:read"] as const),
];

const ACCOUNTS_MAX = 200;
const ADDRESSES_MAX = 50;
const REQUESTS_MAX = 100_000;

const NETWORKS = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()];

/** An address or a network, `10.1.2.3` or `10.1.0.0/16`, of either version. */
export const networkSchema = z
  .string()
  .refine(
    (text) => NETWORKS.some((network) => network.safeParse(text).success),
    "Enter addresses or networks such as 10.1.2.3 or 10.1.0.0/16, one per line.",
  );

export const createApiKeySchema = z
  .strictObject({
    name: nameSchema,
    permissions: z
      .array(z.enum(Object.keys(KEY_PERMISSIONS) as [KeyPermission, ...KeyPermission[]]))
      .min(1, "Choose at least one permission.")
      .transform((permissions) => [...new Set(permissions)]),
    /** Null for all accounts. An empty choice is none, and no way to say all. */
    accountIds: z
      .array(idSchema)
      .min(1, "Choose an account, or let the key apply to all email accounts.")
      .max(ACCOUNTS_MAX, `Choose at most ${ACCOUNTS_MAX} accounts.`)
      .nullable()
      .default(null),
    accountKeyPrefix: z
      .string()
      .max(256)
      .refine((text) => [...text].length <= KEY_MAX, {
        error: `Keys have at most ${KEY_MAX} characters.`,
      })
      .transform(nameKey)
      .nullable()
      .default(null),
    addresses: z
      .array(networkSchema)
      .max(ADDRESSES_MAX, `Enter at most ${ADDRESSES_MAX} addresses.`)
      .default([]),
    requestsPerMinute: z
      .number({ error: "Enter a number." })
      .int("Enter a whole number.")
      .min(1, "Enter 1 or more.")
      .max(REQUESTS_MAX, `Enter ${REQUESTS_MAX} or less.`)
      .nullable()
      .default(null),
    /** A day, `2027-03-31`, at whose end (UTC) it stops; null for a key without an end. */
    expiresOn: daySchema.nullable().default(null),
  })
  .superRefine(({ permissions, accountIds, accountKeyPrefix }, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (accountKeyPrefix === "")
      issue("accountKeyPrefix", "Enter what the keys of the accounts begin with.");
    if (accountIds !== null && accountKeyPrefix !== null)
      issue("accountKeyPrefix", "Choose accounts, or what their keys begin with, not both.");
    const isForSome = accountIds !== null || accountKeyPrefix !== null;
    const tooWide = permissions.filter((each) => !ACCOUNT_PERMISSIONS.includes(each));
    if (isForSome && tooWide.length > 0)
      issue(
        "permissions",
        `A key for some accounts can't have these permissions: ${tooWide.map((each) => KEY_PERMISSIONS[each]).join(", ")}.`,
      );
  });
export const revokeApiKeySchema = z.strictObject({ id: idSchema });

export type CreateApiKey = z.output<typeof createApiKeySchema>;
