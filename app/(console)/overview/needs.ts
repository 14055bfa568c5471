import { pageAt } from "@/components/routes";
import { type AccountsOfCause, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import { hasOwnHosts } from "@/lib/mail/services/schema";
import { findRemedy, isCause } from "@/lib/remedies/catalogue";
import type { RepairButton } from "@/lib/remedies/remedy";
import { testsAgain } from "@/lib/remedies/repairs";
import { type ExplainedIncident, isBreach } from "@/lib/watch/incidents/schema";

export type Need = { accounts: number } & (
  | {
      incident: ExplainedIncident;
      /** If more accounts failed their last test than the incident counts. */
      tested?: AccountsOfCause;
    }
  | { group: AccountsOfCause }
);

/** A breach first, then the widest damage, each cause once. Who never signed in is no failure: see Onboarding. */
export function needsOf(
  incidents: readonly ExplainedIncident[],
  groups: readonly AccountsOfCause[],
): Need[] {
  const untold = groups.filter(
    (group) =>
      group.failedWith !== NOT_SIGNED_IN && !incidents.some((incident) => tells(incident, group)),
  );
  const needs: Need[] = [
    ...incidents.map((incident) => ofIncident(incident, groups)),
    ...untold.map((group) => ({ group, accounts: group.accounts })),
  ];
  return needs.sort((one, other) => weightOf(other) - weightOf(one));
}

function weightOf(need: Need): number {
  return "incident" in need && isBreach(need.incident) ? Number.MAX_SAFE_INTEGER : need.accounts;
}

/** One cause at several providers or servers belongs together, the widest first. */
export function byCause(needs: readonly Need[]): Need[][] {
  const causes = new Map<string, Need[]>();
  for (const need of needs) causes.set(titleOf(need), [...(causes.get(titleOf(need)) ?? []), need]);
  const weight = (of: Need[]) => of.reduce((sum, need) => sum + weightOf(need), 0);
  return [...causes.values()].sort((one, other) => weight(other) - weight(one));
}

type Told = { incident: ExplainedIncident } | { group: AccountsOfCause };

export function titleOf(need: Told): string {
  return "incident" in need ? need.incident.title : findRemedy(need.group.failedWith).title;
}

function ofIncident(incident: ExplainedIncident, groups: readonly AccountsOfCause[]): Need {
  const { accounts } = incident;
  const tested = groups.find((group) => isSame(incident, group) && group.accounts > accounts);
  return tested ? { incident, tested, accounts: tested.accounts } : { incident, accounts };
}

function tells(incident: ExplainedIncident, group: AccountsOfCause): boolean {
  return isSame(incident, group) || (group.isPlatforms && keepsFromTokens(incident, group));
}

function isSame(incident: ExplainedIncident, group: AccountsOfCause): boolean {
  const { kind, remedyId, cloudProviderId, subject } = incident;
  // Other kinds count accounts whose sign-in failed, which are in no group.
  if (kind !== "mail" || remedyId !== group.failedWith) return false;
  if (group.cloudProviderId !== null) return cloudProviderId === group.cloudProviderId;
  // Without a provider, each server has its own incident.
  return cloudProviderId === null && subject === group.server;
}

/** While a platform is down or paused, tests that need a token fail for various reasons. */
function keepsFromTokens(incident: ExplainedIncident, group: AccountsOfCause): boolean {
  if (group.cloudProviderId === null) return false;
  const { kind, subject, cloudProviderId } = incident;
  if (kind === "pause") return cloudProviderId === group.cloudProviderId;
  return kind === "platform" && subject === group.cloud;
}

/** Ids of earlier versions are no filter. */
export function accountsOf(group: AccountsOfCause) {
  const { failedWith } = group;
  const view = failedWith === NOT_SIGNED_IN ? "not_signed_in" : "test_failed";
  const cause = isCause(failedWith) ? { failedWith } : undefined;
  const query = new URLSearchParams({ view, ...whereOf(group), ...cause, sort: "state" });
  return pageAt(`/email/accounts?${query}`);
}

function whereOf(group: AccountsOfCause): { cloudProviderId: string } | { server: string } {
  if (group.cloudProviderId !== null) return { cloudProviderId: group.cloudProviderId };
  return { server: hasOwnHosts(group.service) ? group.server : group.service };
}

export function buttonsOf(group: AccountsOfCause): RepairButton[] {
  const { failedWith } = group;
  if (!isCause(failedWith)) return [];
  return testsAgain(findRemedy(failedWith), { failedWith, ...whereOf(group) });
}
