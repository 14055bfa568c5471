import { z } from "zod";
import { endpointSchema } from "@/lib/egress/schema";
import * as is from "@/lib/kernel/answers/schema";
import {
  emailAddressSchema,
  filledIn,
  idSchema,
  nameSchema,
  passwordSchema,
} from "@/lib/kernel/fields/schema";
import { words } from "@/lib/kernel/words";
import { recipientsSchema, urlSchema, userSchema } from "./channels/schema";

export const alertKindSchema = z.enum(
  words("incident_opened incident_resolved digest secret_expiry test"),
);
export type AlertKind = z.infer<typeof alertKindSchema>;

export const deliveryStateSchema = z.enum(["pending", "delivered", "given_up"]);

export const CHANNEL_KINDS = ["email_account", "smtp", "webhook"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const CHANNEL_LABELS: Readonly<Record<ChannelKind, string>> = {
  email_account: "Email through an account",
  smtp: "Email through an SMTP server",
  webhook: "Webhook",
};

const channelFields = {
  name: nameSchema,
  enabled: filledIn(z.boolean({ error: "Choose yes or no." }), true).describe(
    "`true` to send alerts. Alerts are held while the channel is off and sent when you switch it on.",
  ),
  sendsLinks: filledIn(z.boolean({ error: "Choose yes or no." }), false).describe(
    "`true` to send sign-in links, invitations and password links through it, too. One channel at most, and no webhook.",
  ),
  kind: z
    .enum(CHANNEL_KINDS, { error: "Choose how alerts are sent." })
    .describe(
      "The kind of channel: email through an account, email through an SMTP server, or a webhook. It can't be changed.",
    ),
  recipients: filledIn(recipientsSchema, []).describe(
    "The addresses that get the alerts, at most 20: an array, or a text with commas between them. Empty for a webhook.",
  ),
  emailAccountId: filledIn(idSchema.nullable(), null).describe(
    "The account that sends. Null for other kinds.",
  ),
  smtp: filledIn(endpointSchema.nullable(), null).describe(
    "The server that sends. Null for other kinds.",
  ),
  from: filledIn(z.union([z.literal(""), emailAddressSchema]), "").describe(
    "The sender's address, of an SMTP server only.",
  ),
  user: filledIn(userSchema, "").describe("The user name for the SMTP server. Empty for none."),
  password: filledIn(passwordSchema, "").describe(
    "For the SMTP server. Write-only. Left out or empty in a change, the stored one stays.",
  ),
  url: filledIn(urlSchema, "").describe(
    "The address of a webhook. Write-only, because it may hold a token: `origin` is what is shown of it.",
  ),
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
  .refine(({ kind, url }) => kind !== "webhook" || url !== "", {
    path: ["url"],
    error: "Enter the address that receives the alerts.",
  });
export const updateAlertChannelSchema = z
  .strictObject({ id: idSchema, version: z.number().int().positive(), ...channelFields })
  .superRefine(checkTogether);
export const alertChannelIdSchema = z.strictObject({ id: idSchema });

export type CreateAlertChannel = z.output<typeof createAlertChannelSchema>;
export type UpdateAlertChannel = z.output<typeof updateAlertChannelSchema>;

export function sendsLinks({ kind, sendsLinks }: CreateAlertChannel): boolean {
  return sendsLinks && kind !== "webhook";
}

/** Nothing in it is secret. */
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
    /** Scheme, host and port; the rest may hold a token and is sealed. */
    origin: z.string().default(""),
  }),
]);
export type Target = z.output<typeof targetSchema>;

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

type TargetFields = Pick<
  z.input<typeof channelSchema>,
  "recipients" | "emailAccountId" | "smtp" | "from" | "user" | "origin"
>;

export const channelRowSchema = z.object({
  id: is.id,
  name: is.text,
  enabled: is.flag,
  sendsLinks: is.flag.describe("`true` if links and invitations go to people through it, too."),
  linksStoppedAt: is.maybeTime.describe(
    "When its email account was changed, so that it sends no links until chosen again.",
  ),
  kind: z.enum(CHANNEL_KINDS),
  targetText: is.text.describe("A short description of the recipients."),
  lastDeliveredAt: is.maybeTime.describe("When an alert last arrived. Null before."),
  failingSince: is.maybeTime.describe(
    "Start of the current failure. Null while alerts are delivered.",
  ),
  failureText: is.maybeText.describe(
    "The cause of the current failure, in plain English. Null while alerts are delivered.",
  ),
  pending: is.count.describe("Alerts that wait for the next attempt."),
});

export const channelSchema = channelRowSchema.extend({
  version: is.version,
  recipients: is.texts,
  emailAccountId: is.maybeId,
  smtp: endpointSchema.nullable(),
  from: is.text,
  user: is.text,
  origin: is.text.describe(
    "Scheme, host and port of the webhook's address. Empty for other kinds.",
  ),
  hasSecret: is.flag.describe("`true` if a password or a signing secret is stored."),
});

export type AlertChannelRow = z.input<typeof channelRowSchema>;

export type AlertChannelDetail = AlertChannelRow & {
  target: Target;
  hasSecret: boolean;
  version: number;
};
