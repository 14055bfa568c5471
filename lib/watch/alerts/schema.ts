import { z } from "zod";
import { endpointSchema, type MailEndpoint } from "@/lib/egress/schema";
import {
  emailAddressSchema,
  filledIn,
  hasInvisible,
  idSchema,
  nameSchema,
} from "@/lib/kernel/fields/schema";
import { emailKey } from "@/lib/kernel/text/normalize";

export const alertKindSchema = z.enum([
  "incident_opened",
  "incident_resolved",
  "digest",
  "secret_expiry",
  "test",
]);
export type AlertKind = z.infer<typeof alertKindSchema>;

export const deliveryStateSchema = z.enum(["pending", "delivered", "given_up"]);

export const CHANNEL_KINDS = ["email_account", "smtp", "webhook"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const CHANNEL_LABELS: Readonly<Record<ChannelKind, string>> = {
  email_account: "Email through an account",
  smtp: "Email through an SMTP server",
  webhook: "Webhook",
};

const RECIPIENTS_MAX = 20;
const URL_MAX = 2_048;

const TOO_MANY = `Enter at most ${RECIPIENTS_MAX} addresses.`;

/** Addresses as people type lists: separated by commas, semicolons, blanks or lines. Programs send an array. */
const recipientsSchema = z
  .union([z.array(z.string().max(1_024)).max(RECIPIENTS_MAX, TOO_MANY), z.string()], {
    error: ({ input }) => (Array.isArray(input) ? TOO_MANY : "Enter addresses."),
  })
  .transform((given) => (typeof given === "string" ? given : given.join("\n")))
  .pipe(z.string().max(8_192, TOO_MANY))
  .transform((text, context) => {
    const parts = text.split(/[\s,;]+/u).filter(Boolean);
    if (parts.length > RECIPIENTS_MAX) context.addIssue({ code: "custom", message: TOO_MANY });
    const addresses = new Map<string, string>();
    for (const part of parts.slice(0, RECIPIENTS_MAX)) {
      const parsed = emailAddressSchema.safeParse(part);
      if (parsed.success) addresses.set(emailKey(parsed.data), parsed.data);
      else
        context.addIssue({
          code: "custom",
          message: `${part.slice(0, 80)}: ${parsed.error.issues[0]?.message}`,
        });
    }
    return [...addresses.values()];
  });

/** As the URL parser writes it; where it may lead is the server's to say. Empty when editing: the stored one stays. */
const urlSchema = z
  .string()
  .max(URL_MAX, "This is too long for an address.")
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const problem = text === "" ? null : urlProblem(text);
    if (problem) context.addIssue({ code: "custom", message: problem });
  })
  .transform((text) => (URL.canParse(text) ? new URL(text).href : text));

function urlProblem(text: string): string | null {
  const example = "Enter an address such as https://hooks.example.com/postkey.";
  // The parser drops tabs and takes a backslash for a slash: the address shown must be the address called.
  if (hasInvisible(text) || /[\s\\]/.test(text) || !URL.canParse(text)) return example;
  if (text.includes("…")) return "This address is shortened. Enter the full address.";
  const url = new URL(text);
  if (!["https:", "http:"].includes(url.protocol) || !/^https?:\/\//i.test(text)) return example;
  if (url.username || url.password) return "The address must not contain a user name or password.";
  return url.hash ? "Leave out the part after #." : null;
}

const secretTextSchema = z
  .string()
  .max(1_024, "This is too long for a password.")
  .refine((text) => !/[\p{Cc}]/u.test(text), { error: "The password contains control characters." })
  .refine((text) => text === "" || !/^[•●*·]+$/.test(text), {
    error: "These are placeholder dots, not the password.",
  });

const userSchema = z
  .string()
  .max(1_024, "This is too long for a user name.")
  .transform((text) => text.normalize("NFKC").trim())
  .refine((text) => text.length <= 254, { error: "This is too long for a user name." })
  .refine((text) => !hasInvisible(text), {
    error: "The user name contains invisible or control characters.",
  });

const channelFields = {
  name: nameSchema,
  enabled: filledIn(z.boolean({ error: "Choose yes or no." }), true),
  /** Whether sign-in links, invitations and password links go to people through it, too: one at most. */
  sendsLinks: filledIn(z.boolean({ error: "Choose yes or no." }), false),
  kind: z.enum(CHANNEL_KINDS, { error: "Choose how alerts are sent." }),
  recipients: filledIn(recipientsSchema, []),
  /** Of the account that sends. */
  emailAccountId: filledIn(idSchema.nullable(), null),
  smtp: filledIn(endpointSchema.nullable(), null),
  from: filledIn(z.union([z.literal(""), emailAddressSchema]), ""),
  user: filledIn(userSchema, ""),
  /** Empty when editing: the stored one stays. */
  password: filledIn(secretTextSchema, ""),
  url: filledIn(urlSchema, ""),
};

type CrossFields = {
  kind: ChannelKind;
  recipients: string[];
  emailAccountId: string | null;
  smtp: unknown;
  from: string;
};

function checkTogether(input: CrossFields, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (input.kind === "webhook") return;
  if (input.recipients.length === 0) issue("recipients", "Enter at least one address.");
  if (input.kind === "email_account" && input.emailAccountId === null)
    issue("emailAccountId", "Choose the account that sends.");
  if (input.kind === "smtp" && input.smtp === null) issue("smtp", "Enter the server.");
  if (input.kind === "smtp" && input.from === "") issue("from", "Enter the sender's address.");
}

export const createAlertChannelSchema = z
  .strictObject(channelFields)
  .superRefine(checkTogether)
  .superRefine(({ kind, url }, context) => {
    if (kind !== "webhook" || url !== "") return;
    const message = "Enter the address that receives the alerts.";
    context.addIssue({ code: "custom", path: ["url"], message });
  });
export const updateAlertChannelSchema = z
  .strictObject({ id: idSchema, version: z.number().int().positive(), ...channelFields })
  .superRefine(checkTogether);
export const alertChannelIdSchema = z.strictObject({ id: idSchema });

export type CreateAlertChannel = z.output<typeof createAlertChannelSchema>;
export type UpdateAlertChannel = z.output<typeof updateAlertChannelSchema>;

/** Where a channel leads, as its row keeps it: no part is secret. */
export const targetSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("email_account"),
    emailAccountId: z.string(),
    recipients: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("smtp"),
    smtp: endpointSchema,
    from: z.string(),
    user: z.string(),
    recipients: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("webhook"),
    /**
     * Scheme, host and port. The rest of the address may hold a token, and is sealed. Empty in a row that
     * an earlier version writes while this one runs: its address is sealed at the next start.
     */
    origin: z.string().default(""),
  }),
]);
export type Target = z.output<typeof targetSchema>;

/** A target as the fields of an edit, and what is shown of the address of a webhook. */
export function targetFields(target: Target): TargetFields {
  const { kind, ...fields } = target;
  return { ...NO_TARGET, ...fields };
}

const NO_TARGET: TargetFields = {
  recipients: [],
  emailAccountId: null,
  smtp: null,
  from: "",
  user: "",
  origin: "",
};

type TargetFields = {
  recipients: string[];
  emailAccountId: string | null;
  smtp: MailEndpoint | null;
  from: string;
  user: string;
  origin: string;
};

export const ALERT_CHANNEL_SORTS = ["name", "target", "state", "lastDelivered"] as const;
export type AlertChannelSort = (typeof ALERT_CHANNEL_SORTS)[number];

/** What a chip above the list shows alone. */
export const ALERT_CHANNEL_VIEWS = ["failing", "untested", "off"] as const;
export type AlertChannelView = (typeof ALERT_CHANNEL_VIEWS)[number];

export const ALERT_CHANNEL_VIEW_LABELS: Readonly<Record<AlertChannelView, string>> = {
  failing: "Failing",
  untested: "Not tested",
  off: "Switched off",
};

/** What the list of channels can be narrowed to; all that are given apply. */
export const alertChannelFilterSchema = z.object({
  view: z.enum(ALERT_CHANNEL_VIEWS, { error: "There is no such view." }).optional(),
  kind: z.enum(CHANNEL_KINDS, { error: "There is no such kind." }).optional(),
});
export type AlertChannelFilters = z.output<typeof alertChannelFilterSchema>;

export type AlertChannelRow = {
  id: string;
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  sendsLinks: boolean;
  /** Who gets it, in a few words. */
  targetText: string;
  lastDeliveredAt: Date | null;
  failingSince: Date | null;
  failureText: string | null;
  /** Deliveries that wait for the next attempt. */
  pending: number;
};

export type AlertChannelDetail = AlertChannelRow & {
  target: Target;
  hasSecret: boolean;
  version: number;
};

export type DeliveryRow = {
  id: string;
  subject: string;
  kind: AlertKind;
  state: z.infer<typeof deliveryStateSchema>;
  attempts: number;
  createdAt: Date;
  lastAttemptAt: Date | null;
  deliveredAt: Date | null;
  result: string | null;
};
