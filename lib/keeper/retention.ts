import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { deleteOldBuckets } from "@/lib/kernel/metrics/store";
import { deleteOldLetters } from "@/lib/letters/mutations";
import { deleteOldAlerts } from "@/lib/watch/alerts/store";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";

export async function deleteOld(): Promise<void> {
  await deleteOldTests();
  await deleteOldAlerts();
  await deleteOldLetters();
  await deleteOldIncidents();
  await deleteOldTestRuns();
  await deleteOldBuckets();
}
