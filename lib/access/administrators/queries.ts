import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { AdministratorRow } from "./schema";

/** Everybody who can sign in, or could. */
export async function listAdministrators(actor: Actor): Promise<AdministratorRow[]> {
  requirePermissionToSee(actor, "administrators:write");
  const rows = await db().administrator.findMany({
    orderBy: { createdAt: "asc" },
    take: 200,
    select: {
      id: true,
      name: true,
      email: true,
      createdAt: true,
      disabledAt: true,
      sessions: { orderBy: { lastSeenAt: "desc" }, take: 1, select: { lastSeenAt: true } },
    },
  });
  return rows.map(({ sessions, ...row }) => ({
    ...row,
    lastSeenAt: sessions[0]?.lastSeenAt ?? null,
  }));
}
