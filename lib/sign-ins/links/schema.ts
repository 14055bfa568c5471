import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import { searchSchema } from "@/lib/kernel/paging/schema";
import { LETTER_STATES } from "@/lib/letters/schema";

export const MAX_LINKS = 1_000;
export const LINK_HOURS = 72;

export const createSignInLinksSchema = z.strictObject({
  cloudProviderId: idSchema,
  usernames: z
    .array(usernameSchema)
    .min(1, "Name at least one mailbox.")
    .max(MAX_LINKS, `Create at most ${MAX_LINKS.toLocaleString("en")} links at once.`)
    .describe(
      `The user names for which to create links, at most ${MAX_LINKS.toLocaleString("en")}.`,
    ),
  send: z
    .boolean({ error: "Choose yes or no." })
    .default(false)
    .describe("`true` to mail each link to its person at once."),
  replaces: z
    .boolean({ error: "Choose yes or no." })
    .default(true)
    .describe(
      "`true` to give people whose link still works a new one, which ends theirs. With `false` they keep it, and are left out.",
    ),
});
export type CreateSignInLinks = z.input<typeof createSignInLinksSchema>;

export const LINK_MAILS = ["waiting", "possible", "no_channel", "no_address"] as const;

/** A link that works, as one sees it before it is replaced. */
export type StandingLink = Pick<
  SignInLinkRow,
  "state" | "createdAt" | "createdByName" | "expiresAt" | "openedAt" | "failedAt" | "mail"
>;

export type LinkPerson = { username: string; mailboxes: string[]; open: StandingLink | null };

export const linkPeopleSchema = createSignInLinksSchema.pick({
  cloudProviderId: true,
  usernames: true,
});

/** What the owner of a mailbox shows: what stood behind the # of the link. */
export const linkTokenSchema = z.strictObject({
  token: z.string().regex(/^[\w-]{43}$/, "The link is not complete. Open it once more."),
});
export const linkAgainSchema = z.strictObject({ authorizationRequestId: idSchema });

/** The worst news comes first. */
export const LINK_STATES = {
  waiting: "Not opened",
  opened: "Opened",
  failed: "Failed",
  signed_in: "Signed in",
  expired: "Expired",
} as const;
export type LinkState = keyof typeof LINK_STATES;

export const LINK_STATE_NAMES = Object.keys(LINK_STATES) as [LinkState, ...LinkState[]];

/** What a chip above the list shows alone: also those whose mail never went out, whatever their state. */
export const LINK_VIEW_LABELS = { ...LINK_STATES, unsent: "Mail not sent" } as const;
export type LinkView = keyof typeof LINK_VIEW_LABELS;
export const LINK_VIEWS = Object.keys(LINK_VIEW_LABELS) as [LinkView, ...LinkView[]];

export const linkFilterSchema = z.object({
  view: z
    .enum(LINK_VIEWS, { error: "This view does not exist." })
    .optional()
    .describe("Only the links that one chip of the console shows."),
  cloudProviderId: idSchema.optional(),
});
export type LinkFilters = z.output<typeof linkFilterSchema>;

const mailboxesSchema = is.texts.describe(
  "The mailboxes that the sign-in opens: the person's own, and those that they share.",
);

export const signInLinkSchema = z.object({
  id: is.id,
  username: is.text.describe("The only user name that it signs in."),
  mailboxes: mailboxesSchema,
  state: z.enum(LINK_STATE_NAMES).describe("The current state of the link."),
  cloudProviderId: is.id,
  providerName: is.text.describe("The name of the cloud provider."),
  createdAt: is.time,
  createdByName: is.text.describe("Name of the person who created it, or whose key did."),
  expiresAt: is.time.describe(`When it stops working: ${LINK_HOURS} hours after it was created.`),
  openedAt: is.maybeTime.describe(
    "When its page was first opened, also by a scanner of mail. Null before.",
  ),
  signedInAt: is.maybeTime.describe("When its owner signed in. Null before."),
  failureId: is.maybeText,
  failedAt: is.maybeTime.describe("When the last attempt failed. Null where none did."),
  mail: z
    .object({
      letter: z
        .object({
          state: z.enum(LETTER_STATES),
          recipient: is.text.describe("Recipient: the person who signs in."),
          attempts: z.int().describe("Number of delivery attempts."),
          attemptedAt: is.maybeTime.describe("When delivery was last attempted. Null before."),
          sentAt: is.maybeTime.describe("When the server accepted it. Null before."),
          result: is.maybeText.describe(
            "The last response of the mail server, or the reason why the mail was not sent. Null before.",
          ),
        })
        .describe("Delivery status."),
      remindsAt: is.maybeTime.describe("When its reminder is sent. Null where none waits."),
      remindedAt: is.maybeTime.describe("When its reminder was sent. Null before."),
    })
    .nullable()
    .describe("The mail with the link. Null where none was sent."),
});
export type SignInLinkRow = z.input<typeof signInLinkSchema>;

/** A new link: the only time that it is shown. */
export const newLinkSchema = z.object({
  id: is.id,
  username: is.text,
  mailboxes: mailboxesSchema,
  link: is.text.describe("Returned only here. Postkey stores a hash."),
  expiresAt: is.time,
  mail: z.enum(LINK_MAILS),
});
export type NewSignInLink = z.input<typeof newLinkSchema>;

export type ShownLink = {
  /** Whether they signed in with it already, and nothing is left to do. */
  isUsed: false;
  username: string;
  mailboxes: string[];
  createdByName: string;
  /** Whether no one asks: the sign-in ended, and Postkey made the link by itself. */
  isAutomatic: boolean;
  platform: string;
  expiresAt: Date;
};

export type UsedLink = { isUsed: true; username: string; mailboxes: string[] };

/** As many are revoked at once; new links are made for `MAX_LINKS` people. */
export const MAX_REVOKED = 10_000;

export function tooManyLinks(max: number): string {
  return `You can do this with up to ${max.toLocaleString("en")} links at once. Narrow the list.`;
}

/** The links that were ticked, on whatever pages, or all that a list shows. */
export const linkSelectionSchema = z.discriminatedUnion("links", [
  z.strictObject({
    links: z
      .literal("selected")
      .describe("`selected` for links by id, `all` for those that a search and filters find."),
    signInLinkIds: z
      .array(idSchema)
      .min(1, "Select a link first.")
      .max(MAX_LINKS, `Select at most ${MAX_LINKS.toLocaleString("en")} links one by one.`)
      .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))])
      .describe(`Up to ${MAX_LINKS.toLocaleString("en")} ids.`),
  }),
  z.strictObject({ links: z.literal("all"), search: searchSchema, ...linkFilterSchema.shape }),
]);
export type LinkSelection = z.output<typeof linkSelectionSchema>;

export const revokeSignInLinksSchema = z.strictObject({
  selection: linkSelectionSchema.describe("The links that the change applies to."),
  expected: z
    .number()
    .int()
    .min(1)
    .max(MAX_REVOKED)
    .optional()
    .describe(
      `The number of links that you expect the selection to have, up to ${MAX_REVOKED.toLocaleString("en")}. If it has another number, nothing is changed (\`stale\`).`,
    ),
});

export const replaceSignInLinksSchema = revokeSignInLinksSchema.extend({
  send: z.boolean({ error: "Choose yes or no." }).default(false),
});

const missing = is.count.describe("Selected links that were revoked or replaced in the meantime.");

export const revokedLinksSchema = z.object({
  revoked: is.count.describe("Links that could still be used."),
  removed: is.count.describe("Links that were used or had expired. They are no longer listed."),
  missing,
});
export type RevokedLinks = z.input<typeof revokedLinksSchema>;

const refusedSchema = z.object({
  id: is.id,
  username: is.text,
  reason: is.text.describe("The reason."),
});

export const replacedLinksSchema = z.object({
  links: z.array(newLinkSchema).describe("One for each person."),
  missing,
  refused: z
    .array(refusedSchema)
    .describe("People who get no new link. Theirs was left unchanged."),
});
export type ReplacedLinks = z.input<typeof replacedLinksSchema>;
