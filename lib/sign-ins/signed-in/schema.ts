import { z } from "zod";
import { searchSchema } from "@/lib/kernel/choices/schema";
import { idSchema, USERNAME_MAX } from "@/lib/kernel/fields/schema";
import type { Grant } from "@/lib/oauth/schema";

/** Whether someone is signed in: asked while the name is typed, so it may be anything yet. */
export const findSignInSchema = z.strictObject({
  cloudProviderId: idSchema,
  username: z.string().max(USERNAME_MAX),
});

export const searchSignedInSchema = z.strictObject({
  cloudProviderId: idSchema,
  search: searchSchema,
});

export type FindSignIn = z.output<typeof findSignInSchema>;
export type SearchSignedIn = z.output<typeof searchSignedInSchema>;

type SignedIn = {
  state: string;
  /** The same for people: one that is blocked by a policy is not asked to sign in again. */
  shownState: string;
  accessTokenExpiresAt: Date;
  refreshDueAt: Date;
};

/** What an account with this provider and user name would find there. */
export type FoundSignIn = {
  providerName: string;
  grant: Grant;
  /** Null where no one is signed in under the name; of an application, before it is connected. */
  signedIn: SignedIn | null;
};
