import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { db } from "@/lib/db";
import { explainProtocol } from "./explain";
import { type ConnectionTestRow, reportSchema } from "./schema";

const HISTORY = 20;

/** The last reports of an account, newest first. */
export async function listConnectionTests(
  actor: Actor,
  emailAccountId: string,
): Promise<ConnectionTestRow[]> {
  requirePermission(actor, "accounts:read");
  const rows = await db().connectionTest.findMany({
    where: { emailAccountId },
    orderBy: { startedAt: "desc" },
    take: HISTORY,
    select: {
      id: true,
      startedAt: true,
      durationMs: true,
      verdict: true,
      startedByName: true,
      report: true,
    },
  });
  return rows.map(({ report, ...row }) => {
    const { emailAddress, protocols } = reportSchema.parse(report);
    return { ...row, protocols: protocols.map((each) => explainProtocol(each, emailAddress)) };
  });
}
