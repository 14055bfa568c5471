import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { db } from "@/lib/db";
import type { CaptureRow } from "./schema";

/** Null for an account without a list, whose inbox nobody follows. */
export async function findCapture(
  actor: Actor,
  emailAccountId: string,
): Promise<CaptureRow | null> {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: {
      contactList: { select: { id: true, name: true } },
      captureState: {
        select: {
          ...{ followingSince: true, lastReceivedAt: true, messages: true, captured: true },
          ...{ failureId: true, failedAt: true },
        },
      },
    },
  });
  if (!account?.contactList) return null;
  const { id: contactListId, name: listName } = account.contactList;
  const { messages, captured, ...state } = account.captureState ?? NEVER;
  const counts = { messages: Number(messages), captured: Number(captured) };
  return { contactListId, listName, ...state, ...counts };
}

const NEVER = {
  followingSince: null,
  lastReceivedAt: null,
  messages: 0,
  captured: 0,
  failureId: null,
  failedAt: null,
};
