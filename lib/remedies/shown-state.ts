import { findRemedy, listRemedies } from "./catalogue";
import { type RefusedState, signInHelps } from "./remedy";

/** A state for people: “sign in again” only where that helps against at least one of its reasons. */
export function shownState<S extends string>(
  state: S,
  failureIds: readonly (string | null)[],
): S | RefusedState {
  const reasons = failureIds.flatMap((id) => (id === null ? [] : [findRemedy(id)]));
  if (reasons.length === 0) return state;
  if (reasons.every(({ isPolicy }) => isPolicy) && ASKS_FOR_A_CHANGE.has(state))
    return "blocked_by_policy";
  return state === "sign_in_again" && !reasons.some(signInHelps) ? "refused" : state;
}

/** Neither a registration nor a sign-in that is right gets past a policy. */
const ASKS_FOR_A_CHANGE: ReadonlySet<string> = new Set(["sign_in_again", "fix_registration"]);

/** The failures that signing in again lifts, for a query. A number that Postkey does not know is none of them. */
export function helpedBySignIn(): string[] {
  return listRemedies().flatMap((remedy) => (signInHelps(remedy) ? [remedy.id] : []));
}

/** The failures by which a policy of the tenant refuses, for a query. */
export function refusedByPolicy(): string[] {
  return listRemedies().flatMap(({ id, isPolicy }) => (isPolicy ? [id] : []));
}
