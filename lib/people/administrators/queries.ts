import { z } from "zod";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { defineShortList } from "@/lib/kernel/paging/short-list";
import { nameKey } from "@/lib/kernel/text/normalize";
import { Prisma } from "@/prisma/generated/client";
import { roleSchema } from "../roles/schema";
import type { AdministratorRow, Profile, SessionRow } from "./schema";
import { hasFactors, isAskedForFactor, sessionLives } from "./store";

const LAST_SEEN = Prisma.sql`(SELECT max(s."lastSeenAt") FROM "Session" s WHERE s."administratorId" = a.id)`;
const ROW = Prisma.sql`SELECT a.id, a.name, a.email, a.role, a."createdAt", a."disabledAt", ${LAST_SEEN} AS "lastSeenAt",
  ${hasFactors} AS "hasFactors", ${isAskedForFactor} AS "isAskedForFactor",
  (SELECT c.name FROM "CompanySignIn" c WHERE c.id = a."managedById") AS "managedBy",
  (SELECT c.name FROM "CompanySignIn" c WHERE c.id = a."disabledByCompanyId") AS "disabledBy"
  FROM "Administrator" a`;

export const listAdministrators = defineShortList({
  permission: "administrators:read",
  read: () => db().$queryRaw<AdministratorRow[]>(ROW),
  sorts: {
    created: ({ createdAt }) => createdAt,
    name: ({ name }) => nameKey(name),
    email: ({ email }) => email,
    role: ({ role }) => role,
    lastSeen: ({ lastSeenAt }) => lastSeenAt,
  },
  views: {
    active: ["Active", ({ disabledAt }) => disabledAt === null],
    disabled: ["Disabled", ({ disabledAt }) => disabledAt !== null],
  },
  filters: {
    role: roleSchema.optional(),
    factors: z.enum(["with", "without"], { error: "This filter does not exist." }).optional(),
  },
  where: (row, { role, factors }) =>
    (role === undefined || row.role === role) &&
    (factors === undefined || row.isAskedForFactor === (factors === "with")),
  searched: ({ name, email }) => [`${name} ${email}`],
});

export async function findAdministrator(actor: Actor, id: string) {
  requirePermissionToSee(actor, "administrators:read");
  const [row] = await db().$queryRaw<AdministratorRow[]>`${ROW} WHERE a.id = ${id}::uuid`;
  return row ?? null;
}

/** Null for a program. @permission none: every person may see themselves. */
export async function findOneself(actor: Actor): Promise<Profile | null> {
  if (actor.kind !== "user") return null;
  const [person] = await db().$queryRaw<Profile[]>`
    SELECT name, email, role, "createdAt", "passwordHash" IS NOT NULL AS "hasPassword" FROM "Administrator" WHERE id = ${actor.id}::uuid`;
  return person ?? null;
}

/** The one used last first. @permission none: every person may see where they are signed in. */
export async function listOwnSessions(actor: Actor): Promise<SessionRow[]> {
  return actor.kind === "user" ? findSessions(actor.id, actor.sessionId) : [];
}

export async function listSessionsOf(actor: Actor, administratorId: string): Promise<SessionRow[]> {
  requirePermissionToSee(actor, "administrators:read");
  return findSessions(administratorId, actor.sessionId);
}

async function findSessions(administratorId: string, current = ""): Promise<SessionRow[]> {
  const rows = await db().$queryRaw<Omit<SessionRow, "isThis">[]>`
    SELECT s.id, s."createdAt", s."lastSeenAt", s."expiresAt", s.browser, s.address, s.method, c.name AS company
    FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
      LEFT JOIN "AdministratorIdentity" i ON i.id = s."identityId"
      LEFT JOIN "CompanySignIn" c ON c.id = i."companySignInId"
    WHERE s."administratorId" = ${administratorId}::uuid AND ${sessionLives}
    ORDER BY s."lastSeenAt" DESC, s.id`;
  return rows.map((row) => ({ ...row, isThis: row.id === current }));
}
