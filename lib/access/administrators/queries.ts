import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import type { AdministratorRow } from "./schema";

const SHOWN = 100;

const view = {
  id: true,
  name: true,
  email: true,
  createdAt: true,
  disabledAt: true,
  sessions: { orderBy: { lastSeenAt: "desc" }, take: 1, select: { lastSeenAt: true } },
} as const satisfies Prisma.AdministratorSelect;

/** Everybody who can sign in, or could. */
export async function listAdministrators(
  actor: Actor,
  turn: Turn = {},
): Promise<Page<AdministratorRow>> {
  requirePermissionToSee(actor, "administrators:write");
  const { rows, ...page } = await findTurn({
    turn,
    size: SHOWN,
    find: (window) =>
      db().administrator.findMany({
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        select: view,
        ...window,
      }),
    count: (bounded) => db().administrator.count(bounded),
  });
  const shown = rows.map(({ sessions, ...row }) => ({
    ...row,
    lastSeenAt: sessions[0]?.lastSeenAt ?? null,
  }));
  return { rows: shown, ...page };
}
