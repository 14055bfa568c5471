import { z } from "zod";
import type { ExplainedProtocol, TestVerdict } from "@/lib/checks/schema";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import type { Verdict } from "@/lib/mail/schema";
import type { MailService } from "@/lib/mail/services/schema";
import type { Grant } from "@/lib/registrations/schema";

export const moveAccountSchema = z.strictObject({
  emailAccountId: idSchema,
  cloudProviderId: z.uuid({ error: "Choose the cloud provider that signs this mailbox in." }),
  username: usernameSchema,
});

/** While the user name is being typed. */
export const moveTargetSchema = moveAccountSchema.extend({ username: z.string().max(320) });

export const undoMoveSchema = z.strictObject({ emailAccountId: idSchema });

export type MoveAccount = z.output<typeof moveAccountSchema>;
export type FindMoveTarget = z.output<typeof moveTargetSchema>;

/** What came of the test: only with `ok` the account was moved. */
export type MoveResult = { verdict: TestVerdict; protocols: ExplainedProtocol[] };

/** An account with a password. */
export type MovableAccount = {
  id: string;
  name: string;
  emailAddress: string;
  service: MailService;
};

/** Where it can be moved to, as seen by the one who would sign in. */
export type MoveTarget = {
  id: string;
  name: string;
  grant: Grant;
  /** Whether the user name is; of applications that sign in by themselves it says nothing. */
  isSignedIn: boolean;
};

/** An account that was moved, while that can be undone. */
export type MovedAccount = { id: string; name: string; provider: string | null; movedAt: Date };

/** How long the password of an account that was moved is kept, so that there is a way back. */
export const UNDO_DAYS = 7;

/** An account that still signs in with a password. */
export type PasswordAccountRow = {
  id: string;
  name: string;
  key: string;
  emailAddress: string;
  service: MailService;
  active: boolean;
  username: string;
  imapVerdict: Verdict | null;
  smtpVerdict: Verdict | null;
  pop3Verdict: Verdict | null;
  lastTestedAt: Date | null;
};

export type MigrationProgress = { modern: number; password: number };
