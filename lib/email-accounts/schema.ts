import { z } from "zod";
import { type OwnHosts, ownHostsSchema } from "@/lib/egress/schema";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import {
  descriptionSchema,
  emailAddressSchema,
  filledIn,
  idSchema,
  lineSchema,
  nameSchema,
  onceValid,
  passwordSchema,
  USERNAME_MAX,
  usernameSchema,
} from "@/lib/kernel/fields/schema";
import { canonicalEmail } from "@/lib/kernel/text/normalize";
import { counted } from "@/lib/kernel/text/schema";
import { words } from "@/lib/kernel/words";
import {
  hasOwnHosts,
  type MailService,
  mailService,
  SERVICES,
  USUAL_SERVICE,
} from "@/lib/mail/services/schema";
import { MODERN_MAIL } from "@/lib/oauth/platforms/schema";
import { anyKeySchema, keySchema } from "./keys/schema";

/** Empty or null: the email address. */
const mailboxSchema = lineSchema({
  max: USERNAME_MAX,
  tooLong: "This is too long for a mailbox.",
  invisible: "The mailbox contains invisible or control characters.",
})
  .nullable()
  // Mailboxes are compared, so domains get one spelling.
  .transform((text) => canonicalEmail(text ?? ""));

/** With a provider of the same service. */
export const MODERN_SERVICES: readonly MailService[] = MODERN_MAIL.map(({ id }) => id);

export const TEST_SCHEDULES = ["off", "hourly", "daily"] as const;
export type TestSchedule = (typeof TEST_SCHEDULES)[number];

export const TEST_SCHEDULE_LABELS: Readonly<Record<TestSchedule, string>> = {
  off: "Manually only",
  hourly: "Every hour",
  daily: "Every day",
};

/** By lib/checks/store.ts. */
export const FAILED_TEST_BACKOFF = { firstMs: 5 * MINUTE_MS, longestMs: HOUR_MS };
export const FAILED_TESTS_REPEAT = `After a failed test, Postkey tests again in ${counted(FAILED_TEST_BACKOFF.firstMs / MINUTE_MS, "minute")}, then at longer intervals of up to ${counted(FAILED_TEST_BACKOFF.longestMs / HOUR_MS, "hour")}, until the test passes.`;

export const SENDS_BY = ["smtp", "graph"] as const;
export type SendsBy = (typeof SENDS_BY)[number];

export const SENDS_BY_LABELS: Readonly<Record<SendsBy, string>> = {
  smtp: "SMTP",
  graph: "Microsoft Graph",
};

/** The fields that say `graph` where it does. */
const GRAPH_WAYS = ["sendsBy", "readsBy"] as const;

export const READS_BY = ["imap", "graph"] as const;
export type ReadsBy = (typeof READS_BY)[number];

export const READS_BY_LABELS: Readonly<Record<ReadsBy, string>> = {
  imap: "IMAP and POP3",
  graph: "Microsoft Graph",
};
export const READS_BY_HINT =
  "Microsoft Graph needs no IMAP, but a consent of its own: Mail.ReadBasic. It shows senders and subjects, and no text. Devices of the account still read over IMAP.";

/** Larger messages were answered 200 and never sent (microsoftgraph/microsoft-graph-docs-contrib#3079). */
export const GRAPH_MAX_KB = 2_240;
export const GRAPH_MAX_TEXT = `messages of up to ${GRAPH_MAX_KB.toLocaleString("en")} KB`;
export const SENDS_BY_HINT = `Microsoft Graph needs no SMTP AUTH, but a consent of its own: Mail.Send. Devices of the account send through it too, ${GRAPH_MAX_TEXT}.`;

type Sending = { service: MailService; modernAuthentication: boolean };

export function canUseGraph({ service, modernAuthentication }: Sending): boolean {
  return modernAuthentication && mailService(service).hasGraph;
}

export const ACCOUNT_DEFAULTS = {
  contactListId: null,
  active: true,
  service: USUAL_SERVICE,
  modernAuthentication: true,
  mailbox: "",
  cloudProviderId: null,
  password: "",
  hosts: null,
  sendsBy: "smtp",
  readsBy: "imap",
  description: "",
  testSchedule: "daily",
  captureReplyTo: false,
  captureAutomatic: false,
} as const;

export const ACCOUNT_LABELS = {
  name: "Name",
  key: "Key",
  emailAddress: "Email Address",
  contactListId: "List",
  active: "Active",
  service: "Service",
  modernAuthentication: "Modern Authentication",
  username: "Username",
  mailbox: "Mailbox",
  cloudProviderId: "Cloud Provider",
  hosts: "Mail servers",
  sendsBy: "Sends through",
  readsBy: "Reads through",
  description: "Description",
  testSchedule: "Connection test",
  captureReplyTo: "Save the Reply-To address",
  captureAutomatic: "Save automatic senders",
} as const;

/** What an account does through Microsoft Graph, in words. */
export function waysThroughGraph(account: { sendsBy: string; readsBy: string }) {
  return GRAPH_WAYS.filter((way) => account[way] === "graph").map((way) => {
    return { label: ACCOUNT_LABELS[way], value: SENDS_BY_LABELS.graph };
  });
}

export const ACCOUNT_FIELDS = Object.keys(ACCOUNT_LABELS) as (keyof typeof ACCOUNT_LABELS)[];

const flagSchema = z.boolean({ error: "Choose yes or no." });
export const serviceSchema = z.enum(SERVICES, { error: "Choose a service." });
export const sendsBySchema = z.enum(SENDS_BY, { error: "Choose how mail is sent." });
export const readsBySchema = z.enum(READS_BY, { error: "Choose how mail is read." });
export const scheduleSchema = z.enum(TEST_SCHEDULES, { error: "Choose how often." });

const accountFields = {
  name: nameSchema,
  key: keySchema,
  emailAddress: emailAddressSchema,
  contactListId: filledIn(idSchema.nullable(), ACCOUNT_DEFAULTS.contactListId),
  active: filledIn(flagSchema, ACCOUNT_DEFAULTS.active),
  service: filledIn(serviceSchema, ACCOUNT_DEFAULTS.service),
  modernAuthentication: filledIn(flagSchema, ACCOUNT_DEFAULTS.modernAuthentication),
  /** Default: the email address. */
  username: filledIn(usernameSchema, ""),
  mailbox: mailboxSchema.default(ACCOUNT_DEFAULTS.mailbox),
  cloudProviderId: filledIn(idSchema.nullable(), ACCOUNT_DEFAULTS.cloudProviderId),
  password: filledIn(passwordSchema, ACCOUNT_DEFAULTS.password).describe(
    "Write-only. Needed without Modern Authentication. Left out or empty in a change, the stored one stays.",
  ),
  hosts: filledIn(ownHostsSchema.nullable(), ACCOUNT_DEFAULTS.hosts),
  sendsBy: filledIn(sendsBySchema, ACCOUNT_DEFAULTS.sendsBy),
  readsBy: filledIn(readsBySchema, ACCOUNT_DEFAULTS.readsBy),
  description: filledIn(descriptionSchema, ACCOUNT_DEFAULTS.description),
  testSchedule: filledIn(scheduleSchema, ACCOUNT_DEFAULTS.testSchedule),
  captureReplyTo: filledIn(flagSchema, ACCOUNT_DEFAULTS.captureReplyTo),
  captureAutomatic: filledIn(flagSchema, ACCOUNT_DEFAULTS.captureAutomatic),
};

export const ONLY_WITH_GRAPH = `Only accounts of ${SERVICES.filter((id) => mailService(id).hasGraph).map((id) => mailService(id).label)} with Modern Authentication use Microsoft Graph.`;

type CrossFields = {
  service: MailService;
  modernAuthentication: boolean;
  cloudProviderId: string | null;
  hosts: OwnHosts | null;
  sendsBy: SendsBy;
  readsBy: ReadsBy;
};

const TOGETHER = onceValid(
  "service",
  "modernAuthentication",
  "cloudProviderId",
  "hosts",
  "sendsBy",
  "readsBy",
  "password",
);

function checkTogether(input: CrossFields, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (input.modernAuthentication && !MODERN_SERVICES.includes(input.service))
    issue(
      "modernAuthentication",
      `Modern Authentication works with ${MODERN_SERVICES.map((id) => SERVICE_LABELS[id]).join(", ")}.`,
    );
  if (input.modernAuthentication && input.cloudProviderId === null)
    issue("cloudProviderId", "Choose the cloud provider that signs this mailbox in.");
  if (hasOwnHosts(input.service) && input.hosts === null)
    issue("hosts", "Enter the hosts of this service.");
  for (const way of GRAPH_WAYS)
    if (input[way] === "graph" && !canUseGraph(input)) issue(way, ONLY_WITH_GRAPH);
}

export const createEmailAccountSchema = z
  // Proposed from the name: lib/email-accounts/keys/proposals.ts.
  .strictObject({ ...accountFields, key: filledIn(anyKeySchema, "") })
  .superRefine((input, context) => {
    checkTogether(input, context);
    if (!input.modernAuthentication && input.password === "")
      context.addIssue({ code: "custom", path: ["password"], message: "Enter the password." });
  }, TOGETHER)
  .transform(withUsername);

export const updateEmailAccountSchema = z
  .strictObject({ id: idSchema, version: z.number().int().positive(), ...accountFields })
  .superRefine(checkTogether, TOGETHER)
  .transform(withUsername);

function withUsername<T extends { username: string; emailAddress: string }>(input: T): T {
  return { ...input, username: input.username || input.emailAddress };
}

export const setActiveSchema = z.strictObject({ id: idSchema, active: z.boolean() });
export const setSendsBySchema = z.strictObject({ id: idSchema, sendsBy: sendsBySchema });
export const setReadsBySchema = z.strictObject({ id: idSchema, readsBy: readsBySchema });
export const deleteEmailAccountSchema = z.strictObject({ id: idSchema });

export type CreateEmailAccount = z.output<typeof createEmailAccountSchema>;
export type UpdateEmailAccount = z.output<typeof updateEmailAccountSchema>;

/** Worst first. Set by the database, so that lists filter by it. */
export const ACCOUNT_STATES = words(
  "locked fix_registration sign_in_again test_failed no_provider not_signed_in retrying connected",
  "password inactive",
);
export type AccountState = (typeof ACCOUNT_STATES)[number];

export const SERVICE_LABELS = Object.fromEntries(
  SERVICES.map((service) => [service, mailService(service).label]),
) as Readonly<Record<MailService, string>>;

/** A change makes a test due at once, as a new password does. */
export const CONNECTION_FIELDS = words(
  "emailAddress service modernAuthentication username mailbox cloudProviderId hosts sendsBy readsBy",
);
