import { z } from "zod";
import { hostsSchema, type MailHosts } from "@/lib/egress/schema";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import {
  descriptionSchema,
  emailAddressSchema,
  filledIn,
  hasInvisible,
  idSchema,
  nameSchema,
  onceValid,
  USERNAME_MAX,
  usernameSchema,
} from "@/lib/kernel/fields/schema";
import { canonicalEmail } from "@/lib/kernel/text/normalize";
import { counted } from "@/lib/kernel/text/schema";
import {
  hasOwnHosts,
  type MailService,
  mailService,
  SERVICES,
  USUAL_SERVICE,
} from "@/lib/mail/services/schema";
import { MODERN_MAIL } from "@/lib/oauth/platforms/schema";
import { anyKeySchema, keySchema } from "./keys/schema";

/** Empty, or null as it is read, where the mailbox is the email address itself. */
const mailboxSchema = z
  .string()
  .max(1_024, "This is too long for a mailbox.")
  .transform((text) => text.normalize("NFKC").trim())
  .superRefine((text, context) => {
    if (text.length > USERNAME_MAX) return addIssue(context, "This is too long for a mailbox.");
    if (hasInvisible(text))
      addIssue(context, "The mailbox contains invisible or control characters.");
  })
  .nullable()
  // A domain has one spelling, as in addresses: what a mailbox is called is compared.
  .transform((text) => canonicalEmail(text ?? ""));

const passwordSchema = z
  .string()
  .max(1_024, "This is too long for a password.")
  .refine((text) => !/[\p{Cc}]/u.test(text), { error: "The password contains control characters." })
  .refine((text) => text === "" || !/^[•●*·]+$/.test(text), {
    error: "These are placeholder dots, not the password.",
  });

/** Modern Authentication needs a provider of the same service. */
export const MODERN_SERVICES: readonly MailService[] = MODERN_MAIL.map(({ id }) => id);

export const TEST_SCHEDULES = ["off", "hourly", "daily"] as const;
export type TestSchedule = (typeof TEST_SCHEDULES)[number];

export const TEST_SCHEDULE_LABELS: Readonly<Record<TestSchedule, string>> = {
  off: "Manually only",
  hourly: "Every hour",
  daily: "Every day",
};

/** What every schedule does after a failure: lib/checks/store.ts. */
export const FAILED_TEST_BACKOFF = { firstMs: 5 * MINUTE_MS, longestMs: HOUR_MS };
export const FAILED_TESTS_REPEAT = `After a failed test, Postkey tests again in ${counted(FAILED_TEST_BACKOFF.firstMs / MINUTE_MS, "minute")}, then at longer intervals of up to ${counted(FAILED_TEST_BACKOFF.longestMs / HOUR_MS, "hour")}, until the test passes.`;

/** What an account has where nothing else is said: the form begins with it, and programs may leave it out. */
export const ACCOUNT_DEFAULTS = {
  contactListId: null,
  active: true,
  service: USUAL_SERVICE,
  modernAuthentication: true,
  mailbox: "",
  cloudProviderId: null,
  password: "",
  hosts: null,
  description: "",
  testSchedule: "daily",
  captureReplyTo: false,
  captureAutomatic: false,
} as const;

const flagSchema = z.boolean({ error: "Choose yes or no." });
export const serviceSchema = z.enum(SERVICES, { error: "Choose a service." });
export const scheduleSchema = z.enum(TEST_SCHEDULES, { error: "Choose how often." });

const accountFields = {
  name: nameSchema,
  key: keySchema,
  emailAddress: emailAddressSchema,
  contactListId: filledIn(idSchema.nullable(), ACCOUNT_DEFAULTS.contactListId),
  active: filledIn(flagSchema, ACCOUNT_DEFAULTS.active),
  service: filledIn(serviceSchema, ACCOUNT_DEFAULTS.service),
  modernAuthentication: filledIn(flagSchema, ACCOUNT_DEFAULTS.modernAuthentication),
  /** The email address where it is left out. */
  username: filledIn(usernameSchema, ""),
  mailbox: mailboxSchema.default(ACCOUNT_DEFAULTS.mailbox),
  cloudProviderId: filledIn(idSchema.nullable(), ACCOUNT_DEFAULTS.cloudProviderId),
  password: filledIn(passwordSchema, ACCOUNT_DEFAULTS.password).describe(
    "Write-only. Needed without Modern Authentication. Left out or empty in a change, the stored one stays.",
  ),
  hosts: filledIn(hostsSchema.nullable(), ACCOUNT_DEFAULTS.hosts),
  description: filledIn(descriptionSchema, ACCOUNT_DEFAULTS.description),
  testSchedule: filledIn(scheduleSchema, ACCOUNT_DEFAULTS.testSchedule),
  /** Whose address is saved, and of which messages: lib/mail/senders.ts. */
  captureReplyTo: filledIn(flagSchema, ACCOUNT_DEFAULTS.captureReplyTo),
  captureAutomatic: filledIn(flagSchema, ACCOUNT_DEFAULTS.captureAutomatic),
};

type CrossFields = {
  service: MailService;
  modernAuthentication: boolean;
  cloudProviderId: string | null;
  hosts: MailHosts | null;
};

const TOGETHER = onceValid(
  "service",
  "modernAuthentication",
  "cloudProviderId",
  "hosts",
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
}

export const createEmailAccountSchema = z
  // The key is proposed from the name where it is left out: lib/email-accounts/keys/proposals.ts.
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
export const deleteEmailAccountSchema = z.strictObject({ id: idSchema });

export type CreateEmailAccount = z.output<typeof createEmailAccountSchema>;
export type UpdateEmailAccount = z.output<typeof updateEmailAccountSchema>;

/**
 * The state of an account, the worst that applies: one whose mail does not work is not called connected,
 * although it is signed in. The database sets it, so that lists filter by it.
 */
export const ACCOUNT_STATES = [
  "locked",
  "fix_registration",
  "sign_in_again",
  "test_failed",
  "no_provider",
  "not_signed_in",
  "retrying",
  "connected",
  "password",
  "inactive",
] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

function addIssue(context: z.RefinementCtx, message: string): void {
  context.addIssue({ code: "custom", message });
}

// One entry for each of SERVICES.
export const SERVICE_LABELS = Object.fromEntries(
  SERVICES.map((service) => [service, mailService(service).label]),
) as Readonly<Record<MailService, string>>;
