import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { isValid } from "../validity";
import type { Made, MadeBy } from "./schema";

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
