import { z } from "zod";
import { shownHostsSchema } from "@/lib/egress/schema";
import { countSchema, timestampSchema } from "@/lib/kernel/fields/schema";
import { SERVICES } from "@/lib/mail/houses/schema";
import { verdictSchema } from "@/lib/mail/schema";
import { PROVIDER_STATES } from "@/lib/registrations/schema";
import { ACCOUNT_STATES, TEST_SCHEDULES } from "../schema";

/** An account in lists of the API. */
export const accountRowSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  key: z.string(),
  emailAddress: z.string(),
  service: z.enum(SERVICES),
  active: z.boolean(),
  modernAuthentication: z.boolean(),
  username: z.string(),
  cloudProviderId: z.uuid().nullable(),
  cloudProviderName: z.string().nullable(),
  state: z
    .enum(ACCOUNT_STATES)
    .describe("The current state of the account: the worse of its sign-in and its last test."),
  tokenState: z
    .enum(PROVIDER_STATES)
    .exclude(["not_signed_in"])
    .nullable()
    .describe("Null when no one is signed in with the account's user name."),
  failureId: z
    .string()
    .nullable()
    .describe("An entry of the error catalogue: the failure of the sign-in."),
  testFailureId: z
    .string()
    .nullable()
    .describe("An entry of the error catalogue: the failure of the last test."),
  lastTestedAt: timestampSchema.nullable(),
  imapVerdict: verdictSchema.nullable(),
  smtpVerdict: verdictSchema.nullable(),
  pop3Verdict: verdictSchema.nullable(),
  testSchedule: z.enum(TEST_SCHEDULES),
  createdAt: timestampSchema,
});

/** One account of the API, without its password. */
export const accountSchema = accountRowSchema.extend({
  contactListId: z.uuid().nullable(),
  mailbox: z.string().nullable(),
  hosts: shownHostsSchema.nullable(),
  description: z.string(),
  captureReplyTo: z.boolean(),
  captureAutomatic: z.boolean(),
  hasPassword: z.boolean(),
  nextTestAt: timestampSchema.nullable(),
  failureText: z.string().nullable(),
  failedAt: timestampSchema.nullable(),
  version: countSchema,
});

type OnScreens = {
  mailbox: string | null;
  /** Whose name SMTP took. */
  smtpUser: string | null;
  /** How mailboxes sign in at the provider. */
  providerGrant: string | null;
  /** The provider's credential in use. */
  credentialKind: string | null;
  credentialExpiresAt: Date | null;
  isAppOnly: boolean;
};

export type EmailAccountRow = z.input<typeof accountRowSchema> & OnScreens;
export type EmailAccountDetail = z.input<typeof accountSchema> & OnScreens;
