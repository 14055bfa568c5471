import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { only } from "@/lib/kernel/words";
import { findRemedy } from "@/lib/remedies/catalogue";
import { shownState } from "@/lib/remedies/shown-state";
import type { Prisma } from "@/prisma/generated/client";
import type { StateChangeRow } from "./schema";

export function listProviderHistory(
  actor: Actor,
  cloudProviderId: string,
  position: Position = {},
) {
  requirePermission(actor, "providers:read");
  const objectKind = { in: ["cloud_provider", "authorization"] };
  return findChanges({ cloudProviderId, objectKind }, position);
}

export async function listAccountHistory(
  actor: Actor,
  emailAccountId: string,
  position: Position = {},
): Promise<Page<StateChangeRow>> {
  requirePermission(actor, "accounts:read");
  const account = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { cloudProviderId: true, usernameKey: true },
  });
  if (!account) return { rows: [], total: { count: 0, isCapped: false } };
  const { cloudProviderId, usernameKey: subject } = account;
  const own = { objectId: emailAccountId };
  // An application's authorization belongs to everyone.
  const signIn = { cloudProviderId, subject: { in: [subject, ""] }, objectKind: "authorization" };
  return findChanges(cloudProviderId ? { OR: [own, signIn] } : own, position);
}

async function findChanges(where: Prisma.StateChangeWhereInput, position: Position) {
  const { rows, ...page } = await findSection({
    position,
    size: 30,
    ids: "number",
    find: ({ cursor, ...window }) =>
      db().stateChange.findMany({
        where,
        orderBy: { id: "desc" },
        select: view,
        ...window,
        ...(cursor && { cursor: { id: BigInt(cursor.id) } }),
      }),
    count: (bounded) => db().stateChange.count({ where, ...bounded }),
  });
  return { rows: rows.map(explain), ...page };
}

const view = only(
  "id at objectKind subject fromState toState failureId",
) satisfies Prisma.StateChangeSelect;

type ViewRow = Prisma.StateChangeGetPayload<{ select: typeof view }>;

function explain({ id, objectKind, failureId, ...row }: ViewRow): StateChangeRow {
  // A test found it then; the badge shows the present.
  const isPassed = objectKind === "email_account" && row.toState === "working";
  return {
    ...row,
    subject: row.subject || "The application",
    id: id.toString(),
    shownState: isPassed ? "test_passed" : shownState(row.toState, [failureId]),
    failureId,
    reason: failureId && findRemedy(failureId).title,
  };
}
