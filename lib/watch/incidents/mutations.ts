import { recordAudit } from "@/lib/audit/mutations";
import { HOUR_MS } from "@/lib/kernel/clock";
import { command, type Deed } from "@/lib/kernel/command";
import { databaseNow } from "@/lib/kernel/database-clock";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { Prisma } from "@/prisma/generated/client";
import { incidentIdSchema, silenceIncidentSchema } from "./schema";

/**
 * No banner, alert or digest tells of it until then; lists still show it. What is not over by then is announced again.
 * @throws AppError not_found once it is resolved
 */
export const silenceIncident = command({
  input: silenceIncidentSchema,
  permission: "accounts:test",
  async run(deed, { incidentId: id, hours }): Promise<void> {
    const silencedUntil = hours === null ? null : await databaseNow(hours * HOUR_MS, deed.tx);
    const data = { silencedByName: deed.actor.name, silencedUntil, announcedAt: null };
    await change(deed, { where: { id }, verb: "silence", data });
  },
});

/** @throws AppError not_found once it is resolved, or where it is not silenced */
export const endSilence = command({
  input: incidentIdSchema,
  permission: "accounts:test",
  async run(deed, { incidentId: id }): Promise<void> {
    const data = { silencedByName: null, silencedUntil: null };
    const where = { id, silencedByName: { not: null } };
    await change(deed, { where, verb: "end_silence", data });
  },
});

type Change = {
  where: Prisma.IncidentWhereInput & { id: string };
  verb: string;
  data: { silencedByName: string | null; silencedUntil: Date | null; announcedAt?: null };
};

async function change({ tx, actor }: Deed, { where, verb, data }: Change): Promise<void> {
  const { id } = where;
  const [row] = await tx.incident.updateManyAndReturn({
    where: { ...where, resolvedAt: null },
    data,
  });
  if (!row) throw new AppError("not_found", "This incident is resolved, or not silenced.");
  await recordAudit(tx, actor, {
    action: `incident.${verb}`,
    object: {
      kind: "incident",
      id,
      name: `“${findRemedy(row.remedyId).title.replace(/\.$/, "")}” at ${row.subject}`,
    },
    detail: { until: data.silencedUntil?.toISOString() ?? null },
  });
  await publish(tx, { type: "incident", id: "" });
}
