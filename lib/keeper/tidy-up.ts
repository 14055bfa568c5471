import { deleteSilentHeartbeats } from "@/lib/installation/keepers/store";
import { elapsed, MINUTE_MS } from "@/lib/kernel/clock";
import { deleteOldEvents } from "@/lib/kernel/events/mutations";
import { eraseFormerPasswords } from "@/lib/migration/mutations";
import { deleteEndedSessions } from "@/lib/people/administrators/store";
import { deleteOldLogoutTokens } from "@/lib/people/company/leaving/mutations";
import { deleteOldCeremonies } from "@/lib/people/factors/store";
import { deleteExpiredLinks } from "@/lib/people/links/store";
import { deleteOldCreations } from "@/lib/programs/idempotency/mutations";
import { eraseKeptSecrets } from "@/lib/registrations/credentials/store";
import { deleteOldPauses } from "@/lib/registrations/pauses/store";
import { deleteOldLinks } from "@/lib/sign-ins/links/store";
import { deleteOldRequests } from "@/lib/sign-ins/store";

let nextAt = Number.NEGATIVE_INFINITY;

export async function tidyUp(): Promise<void> {
  if (elapsed() < nextAt) return;
  nextAt = elapsed() + 5 * MINUTE_MS;
  await deleteEndedSessions();
  await deleteExpiredLinks();
  await deleteOldCeremonies();
  await deleteOldLogoutTokens();
  await deleteOldRequests();
  await deleteOldLinks();
  await deleteOldEvents();
  await deleteOldCreations();
  await deleteSilentHeartbeats();
  await deleteOldPauses();
  await eraseKeptSecrets();
  await eraseFormerPasswords();
}
