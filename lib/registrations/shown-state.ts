import { shownState } from "@/lib/remedies/shown-state";
import type { CloudProviderRow } from "./rows/schema";
import type { ShownProviderState } from "./schema";

type Standing = Pick<CloudProviderRow, "state" | "refusals" | "failureId">;

/** How a provider stands, for people: with the reasons of its sign-ins and its own. */
export function shownProviderState({ state, refusals, failureId }: Standing): ShownProviderState {
  // That new sign-ins don't come back says nothing of those that there are.
  return shownState(state, [...refusals, failureId]);
}

export function withShownState<T extends Standing>(provider: T) {
  return { ...provider, shownState: shownProviderState(provider) };
}
