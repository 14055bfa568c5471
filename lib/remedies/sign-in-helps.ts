import type { Remedy } from "./remedy";

/**
 * Whether a person who signs in again gets past a failure. The one rule: what it is called, which button comes
 * first and who gets a link follow from it.
 */
export function signInHelps({ retry }: Pick<Remedy, "retry">): boolean {
  return retry === "reauth";
}
