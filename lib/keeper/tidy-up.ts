import { deleteEndedSessions, deleteExpiredLinks } from "@/lib/administrators/store";
import { deleteOldCreations } from "@/lib/api-keys/idempotency/store";
import { deleteOldRequests } from "@/lib/authorizations/store";
import { elapsed, MINUTE_MS } from "@/lib/clock";
import { eraseKeptSecrets } from "@/lib/cloud-providers/credentials/store";
import { deleteOldEvents } from "@/lib/events/mutations";
import { eraseFormerPasswords } from "@/lib/migration/mutations";
import { deleteOldPauses } from "@/lib/tokens/pauses/store";
import { deleteSilentHeartbeats } from "./store";

const EVERY_MS = 5 * MINUTE_MS;
let nextAt = Number.NEGATIVE_INFINITY;

/** Removes what nobody comes back to; now and then. */
export async function tidyUp(): Promise<void> {
  if (elapsed() < nextAt) return;
  nextAt = elapsed() + EVERY_MS;
  await deleteEndedSessions();
  await deleteExpiredLinks();
  await deleteOldRequests();
  await deleteOldEvents();
  await deleteOldCreations();
  await deleteSilentHeartbeats();
  await deleteOldPauses();
  await eraseKeptSecrets();
  await eraseFormerPasswords();
}
