import { z } from "zod";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import type { LettersOfLink } from "@/lib/letters/schema";

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

/** A link as it is handed over: the only time that it is shown. */
export type NewSignInLink = {
  id: string;
  username: string;
  /** What the sign-in opens: the person's own mailbox, and those that they share. */
  mailboxes: string[];
  link: string;
  expiresAt: Date;
  mail: (typeof LINK_MAILS)[number];
};

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

export type SignInLinkRow = {
  id: string;
  username: string;
  mailboxes: string[];
  state: LinkState;
  cloudProviderId: string;
  providerName: string;
  createdAt: Date;
  createdByName: string;
  expiresAt: Date;
  openedAt: Date | null;
  signedInAt: Date | null;
  /** Why the last attempt failed: an id of the error catalogue. */
  failureId: string | null;
  failedAt: Date | null;
  /** What became of the mail with the link; null where none was sent. */
  mail: LettersOfLink | null;
};

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
