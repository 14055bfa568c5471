import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";
import { idSchema } from "@/lib/kernel/fields/schema";
import { searchSchema } from "@/lib/kernel/paging/schema";
import { grantSchema } from "@/lib/registrations/rows/schema";
import { linkPeopleSchema } from "@/lib/sign-ins/links/schema";
import { accountFilterSchema } from "../filters/schema";
import { ACCOUNT_STATES, readsBySchema, sendsBySchema, TEST_SCHEDULES } from "../schema";

/** The most that are named one by one, and changed by the console at a time. */
export const PART = 1_000;
/** The most that one request changes. */
export const MAX_CHANGED = 10_000;

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

export const linksOfSchema = z.union([
  selectionSchema,
  z.strictObject({ emailAccountId: idSchema }),
  linkPeopleSchema,
]);
export type LinksOf = z.output<typeof linksOfSchema>;

export const createLinksSchema = z.strictObject({
  of: linksOfSchema,
  /** Also people whose link still works. */
  replaces: z.boolean({ error: "Choose yes or no." }),
});

const changeSchema = z.discriminatedUnion("set", [
  z.strictObject({ set: z.literal("active"), to: z.boolean({ error: "Choose yes or no." }) }),
  z.strictObject({ set: z.literal("contactListId"), to: idSchema.nullable() }),
  z.strictObject({ set: z.literal("cloudProviderId"), to: idSchema }),
  z.strictObject({
    set: z.literal("testSchedule").describe("The field that is set."),
    to: z.enum(TEST_SCHEDULES, { error: "Choose how often." }),
  }),
  z.strictObject({ set: z.literal("sendsBy"), to: sendsBySchema }),
  z.strictObject({ set: z.literal("readsBy"), to: readsBySchema }),
]);

/** With `all`: if the number differs now, nothing changes. */
const expectedSchema = z.number().int().min(1).optional();

export const changeAccountsSchema = z.strictObject({
  selection: selectionSchema.describe("The accounts that the change applies to."),
  change: changeSchema.describe("The value that each of them gets."),
  expected: expectedSchema,
});
export const deleteAccountsSchema = z.strictObject({
  selection: selectionSchema,
  expected: expectedSchema,
});
export type ChangeAccounts = z.output<typeof changeAccountsSchema>;
export type AskedAccounts = z.output<typeof deleteAccountsSchema>;

export type SelectedAccount = { id: string; name: string };

export const bulkResultSchema = z.object({
  changed: is.count.describe("Accounts that were changed."),
  unchanged: is.count.describe("Accounts that already had the value."),
  missing: is.count.describe("Selected accounts that no longer exist."),
  refused: z
    .array(z.object({ id: is.id, name: is.text, reason: z.string() }))
    .describe("Accounts that can't have the value. They were left unchanged."),
});
export type BulkResult = z.output<typeof bulkResultSchema>;

/** The first few by name. */
export type Named = { count: number; names: string[] };

export type AccountUse = {
  devices: Named;
  keys: Named;
  /** Revoked: the sign-in would serve no other account. */
  links: Named;
};

export const signInPersonSchema = z.object({
  username: is.text.describe("Empty where the application signs in by itself."),
  emailAccountId: is.id.describe("One of the accounts that wait for it."),
  accounts: is.count,
  mailboxes: is.texts.describe(
    "The mailboxes that it opens. Empty where the application signs in by itself.",
  ),
});
export type SignInPerson = z.output<typeof signInPersonSchema>;

export function signInPlanOf<P extends z.ZodType>(person: P) {
  return z.object({
    providers: z
      .array(
        z.object({
          id: is.id,
          name: is.text,
          grant: grantSchema.describe("The way mailboxes sign in there."),
          people: z.array(person).describe("The people who have to sign in, each once."),
        }),
      )
      .describe("The cloud providers at which people have to sign in."),
    others: z
      .array(z.object({ state: z.enum(ACCOUNT_STATES), accounts: is.count }))
      .describe("The accounts that no sign-in helps, by state."),
  });
}
export type SignInPlan = z.output<ReturnType<typeof signInPlanOf<typeof signInPersonSchema>>>;
