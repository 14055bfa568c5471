import "server-only";
import type { Actor } from "@/lib/actor";
import type { Transaction } from "@/lib/db";
import type { Prisma } from "@/prisma/generated/client";

type AuditEntry = {
  action: string;
  object: { kind: string; id: string; name: string };
  /** What changed, in words and numbers. Never a secret. */
  detail?: Prisma.InputJsonObject;
};

/** Written in the transaction of the change it tells of: either both are there or neither. */
export async function recordAudit(tx: Transaction, actor: Actor, entry: AuditEntry): Promise<void> {
  const { action, object, detail = {} } = entry;
  await tx.auditEvent.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action,
      objectKind: object.kind,
      objectId: object.id,
      objectName: object.name,
      detail,
    },
    select: { id: true },
  });
}
