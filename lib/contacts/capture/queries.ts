import { type Actor, can, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { only } from "@/lib/kernel/words";
import { skippedSchema } from "./schema";

export type CaptureRow = NonNullable<Awaited<ReturnType<typeof findCapture>>>;

/** Null without a list: the inbox is not followed. */
export async function findCapture(actor: Actor, emailAccountId: string) {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: {
      contactList: { select: { id: true, name: true } },
      captureReplyTo: true,
      captureAutomatic: true,
      captureState: { select: only("followingSince messages captured skipped failureId failedAt") },
    },
  });
  if (!account?.contactList) return null;
  const { captureReplyTo, captureAutomatic } = account;
  const { messages, captured, skipped, ...state } = account.captureState ?? {
    followingSince: null,
    messages: 0,
    captured: 0,
    skipped: {},
    failureId: null,
    failedAt: null,
  };
  return {
    // Null for a role that sees no contacts.
    list: can(actor, "contacts:read") ? account.contactList : null,
    captureReplyTo,
    captureAutomatic,
    ...state,
    messages: Number(messages),
    captured: Number(captured),
    skipped: skippedSchema.parse(skipped),
  };
}
