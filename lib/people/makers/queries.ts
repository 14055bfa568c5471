import { type Actor, type Permission, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { PERMISSIONS_OF } from "../roles/permissions";
import { ROLES, type Role, roleInWords } from "../roles/schema";
import { isValid } from "../validity";

export type Made = { count: number; names: string[] };

/** What goes on working when the person who made it is disabled. */
export type MadeBy = { keys: Made; devices: Made };

const NAMED = 5;
const NAMES = Prisma.sql`SELECT count(*)::int AS count,
  coalesce((array_agg(u.name ORDER BY lower(u.name), u.id))[1:${NAMED}], '{}') AS names`;
const WORKS = Prisma.raw(isValid("u"));
const NONE: Made = { count: 0, names: [] };

export async function findMadeBy(actor: Actor, { id }: { id: string }): Promise<MadeBy> {
  requirePermissionToSee(actor, "administrators:write");
  const [[keys = NONE], [devices = NONE]] = await Promise.all([
    db().$queryRaw<
      Made[]
    >`${NAMES} FROM "ApiKey" u WHERE u."createdById" = ${id}::uuid AND ${WORKS}`,
    db().$queryRaw<
      Made[]
    >`${NAMES} FROM "Device" u WHERE u."createdById" = ${id}::uuid AND ${WORKS}`,
  ]);
  return { keys, devices };
}

/** For a key, its creator. Null if unknown. */
export async function findMaker(tx: Transaction, actor: Actor): Promise<string | null> {
  if (actor.kind === "user") return actor.id;
  if (actor.kind !== "api_key") return null;
  const key = await tx.apiKey.findUnique({
    where: { id: actor.id },
    select: { createdById: true },
  });
  return key?.createdById ?? null;
}

const MAY = Prisma.sql`CASE m.role ${Prisma.join(
  ROLES.map((role) => Prisma.sql`WHEN ${role} THEN ${[...PERMISSIONS_OF[role]]}::text[]`),
  " ",
)} END`;

/** Whom a key or device can exceed: few, so that the index finds what they made. */
const LOST = Prisma.sql`SELECT l.id FROM "Administrator" l
  WHERE l."disabledAt" IS NOT NULL OR l.role <> 'administrator'`;

type Owned = { createdById: Prisma.Sql; permissions: Prisma.Sql };

/** SQL: whether `m` is disabled or may do less than the row's permissions. */
export function isMakerLost({ createdById, permissions }: Owned): Prisma.Sql {
  return Prisma.sql`${createdById} IN (${LOST})
    AND (m."disabledAt" IS NOT NULL OR NOT ${permissions} <@ ${MAY})`;
}

type Owner = { createdById: string | null; permissions: readonly string[] };
type Maker = { id: string; role: Role; disabledAt: Date | null };

/** “disabled”, “now a viewer”; null where nothing has changed. */
export async function findMakerNotes(made: readonly Owner[]): Promise<(string | null)[]> {
  const ids = [...new Set(made.flatMap(({ createdById }) => createdById ?? []))];
  if (ids.length === 0) return made.map(() => null);
  const makers = await db().$queryRaw<Maker[]>`
    SELECT id, role, "disabledAt" FROM "Administrator" WHERE id = ANY(${ids}::uuid[])`;
  const byId = new Map(makers.map((maker) => [maker.id, maker]));
  return made.map(({ createdById, permissions }) =>
    noteOf(byId.get(createdById ?? ""), permissions),
  );
}

function noteOf(maker: Maker | undefined, permissions: readonly string[]): string | null {
  if (!maker) return null;
  if (maker.disabledAt) return "disabled";
  const may: ReadonlySet<string> = PERMISSIONS_OF[maker.role];
  return permissions.every((each) => may.has(each)) ? null : `now ${roleInWords(maker.role)}`;
}

/** Who has a device can send and read mail: making one asks for this. */
export const NEEDED_FOR_DEVICES: readonly Permission[] = ["devices:write"];
