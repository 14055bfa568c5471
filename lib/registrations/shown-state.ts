import type { RefusedState } from "@/lib/remedies/remedy";
import { shownState } from "@/lib/remedies/shown-state";
import type { CloudProviderRow, ConnectionState } from "./schema";

type Standing = Pick<CloudProviderRow, "state" | "refusals" | "failureId" | "redirectFailureId">;

/** How a provider stands, for people: with the reasons of its sign-ins and its own. */
export function shownProviderState({
  state,
  refusals,
  failureId,
  redirectFailureId,
}: Standing): ConnectionState | RefusedState {
  return shownState(state, [...refusals, failureId, redirectFailureId]);
}
