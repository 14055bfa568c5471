import { findRemedy, listRemedies } from "./catalogue";
import { type RefusedState, signInHelps } from "./remedy";

/** “sign in again” only if it helps against a reason. */
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

/** Does not get past a policy. */
const ASKS_FOR_A_CHANGE: ReadonlySet<string> = new Set(["sign_in_again", "fix_registration"]);

/** For a query; without unknown numbers. */
export function helpedBySignIn(): string[] {
  return listRemedies().flatMap((remedy) => (signInHelps(remedy) ? [remedy.id] : []));
}

export function refusedByPolicy(): string[] {
  return listRemedies().flatMap(({ id, isPolicy }) => (isPolicy ? [id] : []));
}
