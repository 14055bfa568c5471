import { z } from "zod";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

const editDetailSchema = z.object({ version: z.number(), changed: z.array(z.string()) });

export type ChangesSince = { by: string; at: Date; fields: string[] };

export async function findChangesSince(
  object: { kind: string; id: string },
  version: number,
  tx: Transaction = db(),
): Promise<ChangesSince | null> {
  const events = await tx.auditEvent.findMany({
    where: {
      objectKind: object.kind,
      objectId: object.id,
      detail: { path: ["version"], gt: version },
    },
    orderBy: { id: "desc" },
    select: { actorName: true, at: true, detail: true },
  });
  const edits = events.flatMap(({ actorName, at, detail }) => {
    const parsed = editDetailSchema.safeParse(detail);
    return parsed.success ? [{ by: actorName, at, fields: parsed.data.changed }] : [];
  });
  const [last] = edits;
  return last ? { ...last, fields: [...new Set(edits.flatMap((edit) => edit.fields))] } : null;
}
