import { z } from "zod";
import type { ExplainedProtocol, Protocol, TestVerdict } from "@/lib/checks/schema";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import type { MailService, Verdict } from "@/lib/mail/schema";
import type { Grant } from "@/lib/registrations/schema";

export const moveAccountSchema = z.strictObject({
  emailAccountId: idSchema,
  cloudProviderId: z.uuid({ error: "Choose the cloud provider that signs this mailbox in." }),
  username: usernameSchema,
});

export const undoMoveSchema = z.strictObject({ emailAccountId: idSchema });

export type MoveAccount = z.output<typeof moveAccountSchema>;

/** What came of the test: only with `ok` the account was moved. */
export type MoveResult = { verdict: TestVerdict; protocols: ExplainedProtocol[] };

/** An account with a password, and where it can be moved to. */
export type MovableAccount = {
  id: string;
  name: string;
  emailAddress: string;
  service: MailService;
  providers: MoveTarget[];
};

export type MoveTarget = {
  id: string;
  name: string;
  grant: Grant;
  /** Keys of the user names that are signed in; of those who sign in by themselves it says nothing. */
  signedIn: string[];
};

/** An account that was moved, while that can be undone. */
export type MovedAccount = { id: string; name: string; provider: string | null; movedAt: Date };

/** How long the password of an account that was moved is kept, so that there is a way back. */
export const UNDO_DAYS = 7;

/** What becomes of passwords at a service, and from which day on. */
export type PasswordEnd = {
  protocols: readonly Protocol[];
  /** `restricted`: only with a password made for the purpose. */
  state: "ended" | "ends" | "restricted" | "unknown";
  /** ISO day; null where none was announced. */
  day: string | null;
  text: string;
  /** The page that says so. */
  source: string | null;
};

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

export const MIGRATION_SORTS = ["name", "address", "created"] as const;
export type MigrationSort = (typeof MIGRATION_SORTS)[number];

export type MigrationProgress = { modern: number; password: number };
