import { z } from "zod";
import { protocolSchema } from "@/lib/egress/schema";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { only } from "@/lib/kernel/words";
import type { Prisma } from "@/prisma/generated/client";
import { type AttemptRow, KEPT_ATTEMPTS, OUTCOMES, type Outcome } from "./schema";

const view = only(
  "id at protocol address client tlsVersion outcome remedyId reply",
) satisfies Prisma.DeviceAttemptSelect;

const outcomeSchema = z.enum(Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]);

export async function listAttempts(actor: Actor, deviceId: string): Promise<AttemptRow[]> {
  requirePermission(actor, "devices:read");
  return find({ deviceId });
}

/** Of no known device, such as TLS that failed. @param known addresses that come first */
export async function listUnknownAttempts(
  actor: Actor,
  known: readonly string[] = [],
): Promise<AttemptRow[]> {
  requirePermission(actor, "devices:read");
  const rows = await find({ deviceId: null, at: { gt: await databaseNow(-15 * MINUTE_MS) } });
  const isKnown = ({ address }: AttemptRow) => known.includes(address);
  return [...rows.filter(isKnown), ...rows.filter((row) => !isKnown(row))];
}

async function find(where: Prisma.DeviceAttemptWhereInput): Promise<AttemptRow[]> {
  const rows = await db().deviceAttempt.findMany({
    where,
    orderBy: { id: "desc" },
    // Ends: No more are kept.
    take: KEPT_ATTEMPTS,
    select: view,
  });
  return rows.map((row) => ({
    ...row,
    protocol: protocolSchema.parse(row.protocol),
    outcome: outcomeSchema.parse(row.outcome),
  }));
}
