import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { Prisma } from "@/prisma/generated/client";
import type { StateChangeRow } from "./schema";

const SHOWN = 30;

/** What a provider, and everybody who is signed in through it, went through; newest first. */
export function listProviderHistory(actor: Actor, cloudProviderId: string) {
  requirePermission(actor, "providers:read");
  const objectKind = { in: ["cloud_provider", "authorization"] };
  return findChanges({ cloudProviderId, objectKind });
}

/** What an account went through, and the sign-in that it uses; newest first. */
export async function listAccountHistory(actor: Actor, emailAccountId: string) {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { cloudProviderId: true, usernameKey: true },
  });
  if (!account) return [];
  const { cloudProviderId, usernameKey: subject } = account;
  const own = { objectId: emailAccountId };
  // The authorization of an application is nobody's, and everybody's.
  const signIn = { cloudProviderId, subject: { in: [subject, ""] }, objectKind: "authorization" };
  return findChanges(cloudProviderId ? { OR: [own, signIn] } : own);
}

async function findChanges(where: Prisma.StateChangeWhereInput): Promise<StateChangeRow[]> {
  const rows = await db().stateChange.findMany({
    where,
    orderBy: { id: "desc" },
    take: SHOWN,
    select: {
      id: true,
      at: true,
      subject: true,
      fromState: true,
      toState: true,
      failureId: true,
    },
  });
  return rows.map(({ id, failureId, ...row }) => ({
    ...row,
    // Of an application that signs in by itself.
    subject: row.subject || "The application",
    id: id.toString(),
    failureId,
    reason: failureId && findRemedy(failureId).title,
  }));
}
