import { z } from "zod";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import { type MailService, SERVICES } from "@/lib/mail/services/schema";
import { type AccountState, TEST_SCHEDULES } from "../schema";

export const ACCOUNT_VIEW_LABELS = {
  attention: "Needs attention",
  // Includes refused sign-ins and missing providers.
  not_signed_in: "No valid sign-in",
  test_failed: "Test failed",
  imap_failed: "IMAP failing",
  smtp_failed: "SMTP failing",
  pop3_failed: "POP3 failing",
  expiring: "Expiring",
  password: "Password",
  inactive: "Inactive",
} as const;
export type AccountView = keyof typeof ACCOUNT_VIEW_LABELS;
export const ACCOUNT_VIEWS = Object.keys(ACCOUNT_VIEW_LABELS) as AccountView[];

/** What is retried needs no one: the platform's incident tells of lapsed tokens. Nor is a first sign-in a failure. */
export const VIEW_STATES = {
  attention: ["locked", "fix_registration", "sign_in_again", "test_failed", "no_provider"],
  not_signed_in: ["no_provider", "not_signed_in", "sign_in_again"],
  test_failed: ["test_failed"],
  inactive: ["inactive"],
} as const satisfies Partial<Record<AccountView, readonly AccountState[]>>;

/** Never empty: that would mean all accounts. */
const serverSchema = z
  .string()
  .max(253, "Up to 253 characters.")
  .toLowerCase()
  .regex(/^[^\s\p{C}]+$/u, "Enter a host, such as mail.example.com.");

/** All that are given apply. */
export const accountFilterSchema = z.object({
  view: z.enum(ACCOUNT_VIEWS, { error: "This view does not exist." }).optional(),
  cloudProviderId: idSchema.optional(),
  contactListId: idSchema.optional(),
  delegate: usernameSchema
    .optional()
    .describe("Only the accounts of shared mailboxes that this sign-in name opens."),
  service: z.enum(SERVICES, { error: "This service does not exist." }).optional(),
  server: serverSchema
    .optional()
    .describe(
      "Only the accounts without a cloud provider at this server: a service by its name, or the host of its own server, for IMAP if it has one.",
    ),
  testSchedule: z.enum(TEST_SCHEDULES, { error: "This schedule does not exist." }).optional(),
  importId: idSchema.optional().describe("Only the accounts that the import with this id created."),
  failedInTestRun: idSchema
    .optional()
    .describe("Only the accounts that failed in the test run with this id."),
  leftOutOfTestRun: idSchema
    .optional()
    .describe("Only the accounts that the test run with this id left out."),
  failedWith: z
    .string()
    .max(100, "Up to 100 characters.")
    .regex(/^[\w.]+$/, "An id of the error catalogue, such as imap.switched_off.")
    .optional()
    .describe(
      "Only the accounts that failed with this id of the error catalogue: in their last test or their sign-in, with the view `test_failed` in their test and with `not_signed_in` in their sign-in, or in that test run.",
    ),
});
export type AccountFilters = z.output<typeof accountFilterSchema>;

/** Up to `STATE_CAP`. */
export type StateCount = { state: AccountState; count: number; isCapped: boolean };
/** In the error catalogue. */
export const NOT_SIGNED_IN = "postkey.not_signed_in";

export type PlaceOfCause =
  | { cloudProviderId: string; provider: string; cloud: string }
  | { cloudProviderId: null; service: MailService; server: string };

export type AccountsOfCause = {
  /** In the error catalogue. */
  failedWith: string;
  /** Passes without a person. */
  isPlatforms: boolean;
  accounts: number;
} & PlaceOfCause;

/** Of the accounts that a provider signs in, those that wait for their first sign-in. */
export type Onboarding = {
  accounts: number;
  waiting: number;
  /** People who have to sign in, and those of them with a link that works. */
  owners: number;
  linked: number;
};

/** Exact up to the size the Overview is made for. */
export const STATE_CAP = 20_000;
