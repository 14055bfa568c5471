import { z } from "zod";
import { idSchema, timestampSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import { LETTER_STATES } from "@/lib/letters/schema";

/** As many links are made at once. */
export const MAX_LINKS = 1_000;
/** How long a link is good for. */
export const LINK_HOURS = 72;

export const createSignInLinksSchema = z.strictObject({
  cloudProviderId: idSchema,
  usernames: z
    .array(usernameSchema)
    .min(1, "Name at least one mailbox.")
    .max(MAX_LINKS, `Create at most ${MAX_LINKS.toLocaleString("en")} links at once.`),
  /** Whether each link goes to its person by mail at once. */
  send: z.boolean({ error: "Choose yes or no." }).default(false),
  /** Whether people whose link still works get a new one, which ends theirs; otherwise they are left out. */
  replaces: z.boolean({ error: "Choose yes or no." }).default(true),
});
export type CreateSignInLinks = z.input<typeof createSignInLinksSchema>;

/** Whether a new link goes out by mail, or could. */
export const LINK_MAILS = ["waiting", "possible", "no_channel", "no_address"] as const;

/** A link that works, as one sees it before it is replaced. */
export type StandingLink = Pick<
  SignInLinkRow,
  "state" | "createdAt" | "createdByName" | "expiresAt" | "openedAt" | "failedAt" | "mail"
>;

/** Who may get a link, and what they have. */
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
  view: z.enum(LINK_VIEWS, { error: "This view does not exist." }).optional(),
  cloudProviderId: idSchema.optional(),
});
export type LinkFilters = z.output<typeof linkFilterSchema>;

const mailboxesSchema = z
  .array(z.string())
  .describe("The mailboxes that the sign-in opens: the person's own, and those that they share.");

/** A link of the API. */
export const signInLinkSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  mailboxes: mailboxesSchema,
  state: z.enum(LINK_STATE_NAMES),
  cloudProviderId: z.uuid(),
  providerName: z.string(),
  createdAt: timestampSchema,
  createdByName: z.string().describe("Name of the person who created it, or whose key did."),
  expiresAt: timestampSchema,
  openedAt: timestampSchema.nullable(),
  signedInAt: timestampSchema.nullable(),
  failureId: z.string().nullable(),
  failedAt: timestampSchema.nullable(),
  mail: z
    .object({
      letter: z.object({
        state: z.enum(LETTER_STATES),
        recipient: z.string(),
        attempts: z.int(),
        attemptedAt: timestampSchema.nullable(),
        sentAt: timestampSchema.nullable(),
        result: z.string().nullable(),
      }),
      remindsAt: timestampSchema.nullable(),
      remindedAt: timestampSchema.nullable(),
    })
    .nullable(),
});
export type SignInLinkRow = z.input<typeof signInLinkSchema>;

/** A new link: the only time that it is shown. */
export const newLinkSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  mailboxes: mailboxesSchema,
  link: z.string().describe("Returned only here. Postkey stores a hash."),
  expiresAt: timestampSchema,
  mail: z.enum(LINK_MAILS),
});
export type NewSignInLink = z.input<typeof newLinkSchema>;

/** What its owner sees before the sign-in. */
export type ShownLink = {
  /** Whether they signed in with it already, and nothing is left to do. */
  isUsed: false;
  username: string;
  mailboxes: string[];
  /** Who asks. */
  createdByName: string;
  /** Whether no one asks: the sign-in ended, and Postkey made the link by itself. */
  isAutomatic: boolean;
  /** The platform at which one signs in, by its name. */
  platform: string;
  expiresAt: Date;
};

export type UsedLink = { isUsed: true; username: string; mailboxes: string[] };
