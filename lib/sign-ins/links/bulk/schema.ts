import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { searchSchema } from "@/lib/kernel/paging/schema";
import { linkFilterSchema, MAX_LINKS, type NewSignInLink } from "../schema";

/** As many are revoked at once; new links are made for `MAX_LINKS` people. */
export const MAX_REVOKED = 10_000;

/** Why it is refused. */
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
  z.strictObject({
    links: z.literal("all"),
    search: searchSchema,
    ...linkFilterSchema.shape,
  }),
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
  /** Whether each new link goes to its person by mail at once. */
  send: z.boolean({ error: "Choose yes or no." }).default(false),
});

/** What is selected, as one sees it before something is done with it. */
export type SelectedLinks = {
  count: number;
  /** Those that were ticked and are still there; empty where all are selected. */
  ticked: { id: string; username: string; isSignedIn: boolean; isReached: boolean }[];
  /** Those that were revoked or replaced since they were ticked. */
  missing: number;
  /** Those that can still be used. */
  open: number;
  /** Those whose people need no link any more. */
  signedIn: number;
  /** Of the others, the people that no mail reaches. */
  withoutAddress: number;
};

export type RevokedLinks = {
  /** Those that could still be used. */
  revoked: number;
  /** The others, which left the list only. */
  removed: number;
  missing: number;
};

export type ReplacedLinks = {
  /** This is the only time that they are shown. */
  links: NewSignInLink[];
  missing: number;
  /** Whose link stays as it is, with the reason. */
  refused: { id: string; username: string; reason: string }[];
};
