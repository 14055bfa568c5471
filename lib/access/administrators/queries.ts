import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Page } from "@/lib/kernel/paging/schema";
import { findTurn } from "@/lib/kernel/turns/find-turn";
import type { Turn } from "@/lib/kernel/turns/schema";
import type { Prisma } from "@/prisma/generated/client";
import type { AdministratorRow, Profile } from "./schema";

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
  return { rows: rows.map(rowOf), ...page };
}

/** @returns null when there is none */
export async function findAdministrator(
  actor: Actor,
  id: string,
): Promise<AdministratorRow | null> {
  requirePermissionToSee(actor, "administrators:write");
  const row = await db().administrator.findUnique({ where: { id }, select: view });
  return row && rowOf(row);
}

/** The person who asks. @returns null for a program */
export async function findOneself(actor: Actor): Promise<Profile | null> {
  if (actor.kind !== "user") return null;
  return db().administrator.findUnique({
    where: { id: actor.id },
    select: { name: true, email: true, createdAt: true },
  });
}

type Selected = Prisma.AdministratorGetPayload<{ select: typeof view }>;

function rowOf({ sessions, ...row }: Selected): AdministratorRow {
  return { ...row, lastSeenAt: sessions[0]?.lastSeenAt ?? null };
}
