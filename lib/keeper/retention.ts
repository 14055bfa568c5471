import type { PgBoss } from "pg-boss";
import { deleteOldAlerts } from "@/lib/alerts/mutations";
import { deleteOldTests } from "@/lib/connection-tests/store";
import { deleteOldIncidents } from "@/lib/incidents/store";
import { deleteOldTestRuns } from "@/lib/test-runs/store";
import { RETENTION } from "./boss";

/** Once an hour, by whichever keeper is free. */
export async function startRetention(boss: PgBoss): Promise<void> {
  await boss.schedule(RETENTION, "23 * * * *");
  await boss.work(RETENTION, { pollingIntervalSeconds: 60 }, deleteOld);
}

async function deleteOld(): Promise<void> {
  await deleteOldTests();
  await deleteOldAlerts();
  await deleteOldIncidents();
  await deleteOldTestRuns();
}
