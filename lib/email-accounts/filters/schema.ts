import { z } from "zod";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import { type MailService, SERVICES } from "@/lib/mail/services/schema";
import { type AccountState, TEST_SCHEDULES } from "../schema";

/** What a chip above the list shows alone; each has its count. */
export const ACCOUNT_VIEWS = [
  "attention",
  "not_signed_in",
  "test_failed",
  "imap_failed",
  "smtp_failed",
  "pop3_failed",
  "expiring",
  "password",
  "inactive",
] as const;
export type AccountView = (typeof ACCOUNT_VIEWS)[number];

export const ACCOUNT_VIEW_LABELS: Readonly<Record<AccountView, string>> = {
  attention: "Needs attention",
  // Also of those whose sign-in was refused, and of those without a provider to sign in at.
  not_signed_in: "No valid sign-in",
  test_failed: "Test failed",
  imap_failed: "IMAP failing",
  smtp_failed: "SMTP failing",
  pop3_failed: "POP3 failing",
  expiring: "Expiring",
  password: "Password",
  inactive: "Inactive",
};

/**
 * The views that show accounts by state, with the states of each. What is tried again needs no one: once a token ran
 * out, the platform's incident tells of it.
 */
export const VIEW_STATES = {
  attention: [
    "locked",
    "fix_registration",
    "sign_in_again",
    "test_failed",
    "no_provider",
    "not_signed_in",
  ],
  not_signed_in: ["no_provider", "not_signed_in", "sign_in_again"],
  test_failed: ["test_failed"],
  inactive: ["inactive"],
} as const satisfies Partial<Record<AccountView, readonly AccountState[]>>;

const remedyIdSchema = z
  .string()
  .max(100, "Up to 100 characters.")
  .regex(/^[\w.]+$/, "An id of the error catalogue, such as imap.switched_off.");

/** Not empty: nothing would be narrowed to, and all accounts be meant. */
const serverSchema = z
  .string()
  .max(253, "Up to 253 characters.")
  .toLowerCase()
  .regex(/^[^\s\p{C}]+$/u, "Enter a host, such as mail.example.com.");

/** What a list of accounts can be narrowed to; all that are given apply. */
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
      "Only the accounts without a cloud provider at this server: a service by its name, or an IMAP host.",
    ),
  testSchedule: z.enum(TEST_SCHEDULES, { error: "This schedule does not exist." }).optional(),
  importId: idSchema.optional().describe("Only the accounts that the import with this id created."),
  failedInTestRun: idSchema
    .optional()
    .describe("Only the accounts that failed in the test run with this id."),
  failedWith: remedyIdSchema
    .optional()
    .describe(
      "Only the accounts that failed with this id of the error catalogue: in their last test or their sign-in, with the view `test_failed` in their test and with `not_signed_in` in their sign-in, or in that test run.",
    ),
});
export type AccountFilters = z.output<typeof accountFilterSchema>;

/** How many accounts are in a state; counting stops at `STATE_CAP`. */
export type StateCount = { state: AccountState; count: number; isCapped: boolean };
/** What the error catalogue calls that no one has signed in since an account was created or moved. */
export const NOT_SIGNED_IN = "postkey.not_signed_in";

/** A provider, or a server whose accounts have none. */
export type PlaceOfCause =
  | { cloudProviderId: string; provider: string; cloud: string }
  | { cloudProviderId: null; service: MailService; server: string };

/** Accounts at one place that do not work for one cause. */
export type AccountsOfCause = {
  /** An id of the error catalogue. */
  failedWith: string;
  /** Whether the identity platform failed, by what passes without a person. */
  isPlatforms: boolean;
  accounts: number;
} & PlaceOfCause;

/** Exact for every installation of the size that the Overview is made for, and bounded beyond it. */
export const STATE_CAP = 20_000;
