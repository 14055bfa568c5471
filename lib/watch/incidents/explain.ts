import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { explainIncident } from "./messages";
import type { ExplainedIncident, IncidentRow } from "./schema";
import { findRepairObjects } from "./store";

export async function explainAll(
  tx: Transaction,
  rows: readonly IncidentRow[],
): Promise<ExplainedIncident[]> {
  const objects = await findRepairObjects(tx, rows);
  return rows.map((row) => explainIncident(row, objects.get(row.id)));
}
