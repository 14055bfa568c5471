import type { Actor } from "./actor";
import { AppError } from "./errors";

/**
 * For one's own account. Not before the second factor that the role needs: a password alone could otherwise change the
 * account. @throws AppError access_denied, locked
 */
export function requireOneself(actor: Actor): void {
  requireOneselfSettingUp(actor);
  if (actor.restrictedBecause) throw new AppError("access_denied", actor.restrictedBecause);
}

/** The same for what sets up a second factor. */
export function requireOneselfSettingUp(actor: Actor): void {
  if (actor.kind !== "user")
    throw new AppError("access_denied", "Only the person themselves can do this.");
  if (actor.lockedBecause)
    throw new AppError("locked", `Postkey is read-only. ${actor.lockedBecause}`);
}

/** For what changes nothing but the session: possible while Postkey is locked. @returns the session */
export function requirePerson({ kind, sessionId }: Actor): string {
  if (kind !== "user" || sessionId === undefined)
    throw new AppError("access_denied", "Only the person themselves can do this.");
  return sessionId;
}
