import { isByItself } from "@/lib/registrations/registration/schema";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import type { CloudChoice } from "@/lib/registrations/schema";
import { shownProviderState } from "@/lib/registrations/shown-state";
import type { ShownProvider } from "./cloud-provider-rows";

export function toShown(row: CloudProviderRow, clouds: CloudChoice[]): ShownProvider {
  return {
    id: row.id,
    name: row.name,
    cloudLabel: clouds.find(({ id }) => id === row.cloud)?.label ?? row.cloud,
    service: row.service,
    grant: row.grant,
    isByItself: isByItself(row.grant),
    state: shownProviderState(row),
    pausedUntil: row.pausedUntil,
    usernames: row.usernames,
    authorizationCount: row.authorizationCount,
    accountCount: row.accountCount,
    credentialKind: row.credentialKind,
    secretExpiresAt: row.secretExpiresAt,
  };
}
