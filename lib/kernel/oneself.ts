import type { Actor } from "./actor";
import { AppError } from "./errors";

/**
 * For what every person may do with their own account, and a program with none. Not before they have the
 * second factor that their role needs: someone who knows only their password could otherwise change the account.
 *
 * @throws AppError access_denied; locked while nothing may be changed
 */
export function requireOneself(actor: Actor): void {
  requireOneselfSettingUp(actor);
  if (actor.restrictedBecause) throw new AppError("access_denied", actor.restrictedBecause);
}

/**
 * The same for what sets up a second factor.
 * @throws AppError access_denied; locked while nothing may be changed
 */
export function requireOneselfSettingUp(actor: Actor): void {
  if (actor.kind !== "user")
    throw new AppError("access_denied", "Only the person themselves can do this.");
  if (actor.lockedBecause)
    throw new AppError("locked", `Postkey is read-only. ${actor.lockedBecause}`);
}

/**
 * For what changes nothing but the session: possible while Postkey is locked.
 * @returns the session
 * @throws AppError access_denied
 */
export function requirePerson({ kind, sessionId }: Actor): string {
  if (kind !== "user" || sessionId === undefined)
    throw new AppError("access_denied", "Only the person themselves can do this.");
  return sessionId;
}
