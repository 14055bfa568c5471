import { z } from "zod";
import {
  choiceSearchSchema,
  idSchema,
  USERNAME_MAX,
  usernameSchema,
} from "@/lib/kernel/fields/schema";

/** Who is to sign in: a given mailbox, a person who was signed in before, or anyone. */
export const beginAuthorizationSchema = z.discriminatedUnion("subject", [
  z.strictObject({ subject: z.literal("provider"), cloudProviderId: idSchema }),
  z.strictObject({ subject: z.literal("another"), cloudProviderId: idSchema }),
  z.strictObject({ subject: z.literal("authorization"), authorizationId: idSchema }),
  z.strictObject({ subject: z.literal("email_account"), emailAccountId: idSchema }),
  /** For an account that still uses a password: the way back leads to its move. */
  z.strictObject({
    subject: z.literal("move"),
    emailAccountId: idSchema,
    cloudProviderId: idSchema,
    username: usernameSchema,
  }),
]);

export const decideAuthorizationSchema = z.strictObject({ authorizationRequestId: idSchema });
export const authorizationIdSchema = z.strictObject({ authorizationId: idSchema });

export type BeginAuthorization = z.output<typeof beginAuthorizationSchema>;

/** What came of a sign-in, as it is stored, shown, and shown again to a second arrival. */
export const outcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("connected"),
    username: z.string(),
    missingScopes: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal("confirm"),
    signedIn: z.string(),
    expected: z.string(),
    missingScopes: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal("failed"),
    remedyId: z.string(),
    /** The platform's own words with its ids, made harmless; empty for our own refusals. */
    detail: z.string(),
  }),
  z.strictObject({ kind: z.literal("discarded"), signedIn: z.string() }),
  z.strictObject({ kind: z.literal("consented") }),
]);

/** Whether a sign-in stands, by the state of its tokens: one that is retried mends itself. */
export function signInStands(tokenState: string | null | undefined): boolean {
  return tokenState === "connected" || tokenState === "retrying";
}

export type Outcome = z.infer<typeof outcomeSchema>;

const STATE_MAX = 200;
const CODE_MAX = 4_096;
/** RFC 6749, appendix A: VSCHAR. */
const VISIBLE_ASCII = /^[\x20-\x7e]*$/;

/** RFC 6749 §4.1.2 and §4.1.2.1; RFC 9207 for `iss`. Each parameter once, of bounded length. */
export const authorizationResponseSchema = z.object({
  state: z.string().min(1).max(STATE_MAX).regex(VISIBLE_ASCII),
  code: z.string().min(1).max(CODE_MAX).regex(VISIBLE_ASCII).optional(),
  error: z.string().min(1).max(200).optional(),
  error_description: z.string().max(65_536).default(""),
  iss: z.string().max(512).optional(),
  /** Microsoft's answer of the page for administrators, and for which tenant it was given. */
  admin_consent: z.string().max(20).optional(),
  tenant: z.string().max(200).optional(),
});

export type AuthorizationResponse = z.output<typeof authorizationResponseSchema>;

export type SignInFailure = {
  failureId: string;
  /** Those whom it concerns, and the first of them: as they are shown, and as they sign in. */
  count: number;
  names: string[];
  usernames: string[];
  authorizationIds: string[];
  failureText: string | null;
  failingSince: Date | null;
};

/** Whether someone is signed in: asked while the name is typed, so it may be anything yet. */
export const findSignInSchema = z.strictObject({
  cloudProviderId: idSchema,
  username: z.string().max(USERNAME_MAX),
});

export const searchSignedInSchema = z.strictObject({
  cloudProviderId: idSchema,
  search: choiceSearchSchema,
});

export type FindSignIn = z.output<typeof findSignInSchema>;
export type SearchSignedIn = z.output<typeof searchSignedInSchema>;
