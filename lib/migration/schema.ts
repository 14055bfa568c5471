import { z } from "zod";
import type { ExplainedProtocol, TestVerdict } from "@/lib/checks/schema";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import type { MailService } from "@/lib/mail/services/schema";

export const moveAccountSchema = z.strictObject({
  emailAccountId: idSchema,
  cloudProviderId: z.uuid({ error: "Choose the cloud provider that signs this mailbox in." }),
  username: usernameSchema,
});

export const undoMoveSchema = z.strictObject({ emailAccountId: idSchema });

export type MoveAccount = z.output<typeof moveAccountSchema>;

/** Moved only with `ok`. */
export type MoveResult = { verdict: TestVerdict; protocols: ExplainedProtocol[] };

export type MovedAccount = { id: string; name: string; provider: string | null; movedAt: Date };

/** The password is kept for so long. */
export const UNDO_DAYS = 7;

export type PasswordAccountRow = {
  id: string;
  name: string;
  key: string;
  emailAddress: string;
  service: MailService;
  active: boolean;
  username: string;
};

export type MigrationProgress = { modern: number; password: number };
