import { pageAt } from "@/components/routes";
import { type AccountsOfCause, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import { hasOwnHosts } from "@/lib/mail/services/schema";
import { findRemedy, isCause } from "@/lib/remedies/catalogue";
import type { RepairButton } from "@/lib/remedies/remedy";
import { testsAgain } from "@/lib/remedies/repairs";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";

export type Need = { accounts: number } & (
  | {
      incident: ExplainedIncident;
      /** If more accounts failed their last test than the incident counts. */
      tested?: AccountsOfCause;
    }
  | { group: AccountsOfCause }
  | { unsigned: readonly AccountsOfCause[] }
);

/** More providers than this are one row, to leave room for causes with a repair. */
const UNSIGNED_APART = 2;

/** The widest damage first, each cause once. */
export function needsOf(
  incidents: readonly ExplainedIncident[],
  groups: readonly AccountsOfCause[],
): Need[] {
  const untold = groups.filter((group) => !incidents.some((incident) => tells(incident, group)));
  const needs: Need[] = [
    ...incidents.map((incident) => ofIncident(incident, groups)),
    ...ofGroups(untold, groups),
  ];
  return needs.sort((one, other) => other.accounts - one.accounts);
}

function ofGroups(groups: readonly AccountsOfCause[], all: readonly AccountsOfCause[]): Need[] {
  const unsigned = groups.filter(isUnsigned);
  // The list behind one row holds all unsigned accounts, also those of an incident.
  const isOne =
    unsigned.length > UNSIGNED_APART && unsigned.length === all.filter(isUnsigned).length;
  const accounts = unsigned.reduce((sum, group) => sum + group.accounts, 0);
  return [
    ...groups
      .filter((group) => !(isOne && unsigned.includes(group)))
      .map((group) => ({ group, accounts: group.accounts })),
    ...(isOne ? [{ unsigned, accounts }] : []),
  ];
}

function isUnsigned({ failedWith }: AccountsOfCause): boolean {
  return failedWith === NOT_SIGNED_IN;
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

export function unsignedAccounts() {
  return pageAt(`/email/accounts?view=not_signed_in&failedWith=${NOT_SIGNED_IN}&sort=state`);
}

function whereOf(group: AccountsOfCause): { cloudProviderId: string } | { server: string } {
  if (group.cloudProviderId !== null) return { cloudProviderId: group.cloudProviderId };
  return { server: hasOwnHosts(group.service) ? group.server : group.service };
}

export function buttonsOf(group: AccountsOfCause): RepairButton[] {
  const { failedWith } = group;
  if (failedWith === NOT_SIGNED_IN || !isCause(failedWith)) return [];
  return testsAgain(findRemedy(failedWith), { failedWith, ...whereOf(group) });
}
