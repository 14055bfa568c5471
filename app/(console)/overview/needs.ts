import type { AccountsOfCause } from "@/lib/email-accounts/filters/schema";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";

export type Need = { accounts: number; hasIncident: boolean } & (
  | { incident: ExplainedIncident }
  | { group: AccountsOfCause }
);

/**
 * What needs a person, the widest damage first, each cause once: an incident of it may be of the few accounts that
 * are tested on a schedule, and then what all of them have in common is told instead.
 */
export function needsOf(
  incidents: readonly ExplainedIncident[],
  groups: readonly AccountsOfCause[],
): Need[] {
  const isWider = (group: AccountsOfCause, { accounts }: ExplainedIncident) =>
    // Without a provider there may be several servers, each with an incident of its own.
    group.cloudProviderId !== null && group.accounts > accounts;
  const needs: Need[] = [
    ...incidents
      .filter(
        (incident) => !groups.some((each) => isSame(each, incident) && isWider(each, incident)),
      )
      .map((incident) => ({ incident, accounts: incident.accounts, hasIncident: true })),
    ...groups
      .filter((group) => !incidents.some((each) => isSame(group, each) && !isWider(group, each)))
      .map((group) => ({
        group,
        accounts: group.accounts,
        hasIncident: incidents.some((each) => isSame(group, each)),
      })),
  ];
  return needs.sort((one, other) => other.accounts - one.accounts);
}

function isSame(group: AccountsOfCause, incident: ExplainedIncident): boolean {
  return (
    group.failedWith === incident.remedyId && group.cloudProviderId === incident.cloudProviderId
  );
}
