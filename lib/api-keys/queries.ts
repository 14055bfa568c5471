import "server-only";
import { type Actor, requirePermissionToSee } from "@/lib/actor";
import { db } from "@/lib/db";
import type { ApiKeyRow } from "./schema";

/** The keys that still work, newest first. */
export async function listApiKeys(actor: Actor): Promise<ApiKeyRow[]> {
  requirePermissionToSee(actor, "keys:write");
  return db().apiKey.findMany({
    where: { revokedAt: null },
    orderBy: { createdAt: "desc" },
    take: 200,
    select: {
      id: true,
      name: true,
      hint: true,
      permissions: true,
      createdAt: true,
      createdByName: true,
    },
  });
}
