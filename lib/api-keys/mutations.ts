import "server-only";
import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/mutations";
import { hashToken, randomToken } from "@/lib/crypto";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { CreateApiKey } from "./schema";

/** @returns the key itself: this is the only time that it is shown */
export async function createApiKey(actor: Actor, input: CreateApiKey): Promise<{ key: string }> {
  requirePermission(actor, "keys:write");
  const id = randomUUID();
  const key = `pk_${randomToken()}`;
  await db().$transaction(async (tx) => {
    await tx.apiKey.create({
      data: {
        ...input,
        id,
        keyHash: hashToken(key),
        hint: key.slice(-4),
        createdByName: actor.name,
      },
      select: { id: true },
    });
    const object = { kind: "api_key", id, name: input.name };
    await recordAudit(tx, actor, {
      action: "api_key.create",
      object,
      detail: { permissions: input.permissions },
    });
  });
  return { key };
}

/** Programs that use it are refused from the next request on. */
export async function revokeApiKey(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "keys:write");
  await db().$transaction(async (tx) => {
    const [key] = await tx.apiKey.updateManyAndReturn({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date() },
      select: { name: true },
    });
    if (!key) throw new AppError("not_found", "This key no longer exists.");
    const object = { kind: "api_key", id, name: key.name };
    await recordAudit(tx, actor, { action: "api_key.revoke", object });
  });
}
