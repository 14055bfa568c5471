import type { PgBoss } from "pg-boss";
import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { deleteOldBuckets } from "@/lib/kernel/metrics/store";
import { deleteOldAlerts } from "@/lib/watch/alerts/mutations";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";
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
  await deleteOldBuckets();
}
