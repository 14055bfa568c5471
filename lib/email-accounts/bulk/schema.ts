import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { searchSchema } from "@/lib/kernel/paging/schema";
import type { Grant } from "@/lib/oauth/schema";
import { linkPeopleSchema } from "@/lib/sign-ins/links/schema";
import { accountFilterSchema } from "../filters/schema";
import { type AccountState, TEST_SCHEDULES } from "../schema";

/**
 * As many are named one by one; more are selected by what a list shows. The console changes so many at a time:
 * a second or so of work, in which others wait for those accounts alone.
 */
export const PART = 1_000;
/** As many are changed at once. */
export const MAX_CHANGED = 10_000;

/** The accounts that were ticked, on whatever pages, or all that a list shows. */
export const selectionSchema = z.discriminatedUnion("accounts", [
  z.strictObject({
    accounts: z
      .literal("selected")
      .describe("`selected` for accounts by id, `all` for those that a search and filters find."),
    emailAccountIds: z
      .array(idSchema)
      .min(1, "Select an account first.")
      .max(PART, `Select at most ${PART.toLocaleString("en")} accounts one by one.`)
      .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))])
      .describe(`Up to ${PART.toLocaleString("en")} ids.`),
  }),
  z.strictObject({
    accounts: z.literal("all"),
    search: searchSchema,
    ...accountFilterSchema.shape,
  }),
]);
export type Selection = z.output<typeof selectionSchema>;

/** Who gets links: those who have to sign in for selected accounts, the person of one account, or people by name. */
export const linksOfSchema = z.union([
  selectionSchema,
  z.strictObject({ emailAccountId: idSchema }),
  linkPeopleSchema,
]);
export type LinksOf = z.output<typeof linksOfSchema>;

export const createLinksSchema = z.strictObject({
  of: linksOfSchema,
  /** Whether people whose link still works get a new one. */
  replaces: z.boolean({ error: "Choose yes or no." }),
});

/** What many accounts can be given at once. */
const changeSchema = z.discriminatedUnion("set", [
  z.strictObject({ set: z.literal("active"), to: z.boolean({ error: "Choose yes or no." }) }),
  z.strictObject({ set: z.literal("contactListId"), to: idSchema.nullable() }),
  z.strictObject({ set: z.literal("cloudProviderId"), to: idSchema }),
  z.strictObject({
    set: z.literal("testSchedule").describe("The field that is set."),
    to: z.enum(TEST_SCHEDULES, { error: "Choose how often." }),
  }),
]);

/** How many accounts the user saw when choosing “all”: if there are more or fewer now, nothing changes. */
const expectedSchema = z.number().int().min(1).optional();
/** Which ones they were, as `SelectedNow` says: as many others are not what was confirmed. */
const seenAsSchema = z.string().max(64).optional();

export const changeAccountsSchema = z.strictObject({
  selection: selectionSchema.describe("The accounts that the change applies to."),
  change: changeSchema.describe("The value that each of them gets."),
  expected: expectedSchema,
  seenAs: seenAsSchema,
});
export const deleteAccountsSchema = z.strictObject({
  selection: selectionSchema,
  expected: expectedSchema,
  seenAs: seenAsSchema,
});
/** The same question, before anything is done. */
export type FindSelected = DeleteAccounts;
export type ChangeAccounts = z.output<typeof changeAccountsSchema>;
export type DeleteAccounts = z.output<typeof deleteAccountsSchema>;

/** An account of a selection. */
export type SelectedAccount = { id: string; name: string };

/** What became of each account that was selected. */
export type BulkResult = {
  changed: number;
  /** Those that were as wanted already. */
  unchanged: number;
  /** Those that were deleted since they were ticked. */
  missing: number;
  /** Those that cannot be changed so, each with its reason. */
  refused: (SelectedAccount & { reason: string })[];
};

/** What is selected now: deleted accounts are not among them any more. */
export type SelectedNow = {
  count: number;
  missing: number;
  /** The same for the same accounts alone; of those that a list shows. */
  seenAs?: string | undefined;
};

/** How many there are, and the first of them by name. */
export type Named = { count: number; names: string[] };

/**
 * What uses the selected accounts: devices that have not expired, and the API keys that are for some accounts, these
 * among them.
 */
export type AccountUse = {
  devices: Named;
  keys: Named;
  /** Open sign-in links of people whose sign-in would serve no account any more: they end with the accounts. */
  links: Named;
};

/** Who has to sign in so that the accounts of a selection work. */
export type SignInPlan = {
  providers: { id: string; name: string; grant: Grant; people: SignInPerson[] }[];
  /** The accounts that no sign-in helps, by state. */
  others: { state: AccountState; accounts: number }[];
};

export type SignInPerson = {
  /** Empty where the application signs in by itself. */
  username: string;
  /** One of the accounts that wait for it, and how many do. */
  emailAccountId: string;
  accounts: number;
  /** What it opens; empty where the application signs in by itself. */
  mailboxes: string[];
  /** Where an administrator begins it. */
  address: string;
};
