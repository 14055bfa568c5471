import { AppError } from "./errors";
import { PERMISSIONS, type Permission } from "./permissions/schema";
import { nameKey } from "./text/normalize";

export type { Permission };
export const ALL_PERMISSIONS: readonly Permission[] = PERMISSIONS;

declare const proof: unique symbol;

export type Identity = {
  /** An owner is one of a mailbox, who came with a link to sign it in. */
  kind: "user" | "api_key" | "device" | "owner" | "job";
  id: string;
  /** As the audit trail and the screens name it. */
  name: string;
  permissions: ReadonlySet<Permission>;
  /** Of a program: who created its key, for people who know the program by no name. */
  createdByName?: string;
  /** The browser session of a user; a sign-in at a provider is bound to it. */
  sessionId?: string;
  /** Whether the person behind a session proved who they are in the last ten minutes. */
  isProvenLately?: boolean;
  /** Why a person may do nothing yet but set up a second factor, for people. */
  restrictedBecause?: string;
  /** The network address that it comes from, where that is known. */
  address?: string;
  /** Why nothing may be changed now, for people. */
  lockedBecause?: string;
  /** The only email accounts that it reaches; without it, all. */
  accounts?: AccountScope;
};

/** Accounts by their ids, or those whose key begins so, in the form that is compared. */
export type AccountScope = { ids: readonly string[] } | { keyPrefix: string };

/** Whether a permission is possible while Postkey is locked. */
export function isRead(permission: Permission): boolean {
  return READS.has(permission);
}

/** Proof of authentication. Every query and mutation takes one first. */
export type Actor = Identity & { readonly [proof]: true };

/** What changes nothing and opens no secret: possible while Postkey is locked. */
const READS: ReadonlySet<Permission> = new Set([
  "providers:read",
  "accounts:read",
  "contacts:read",
  "devices:read",
  "administrators:read",
  "audit:read",
  "incidents:read",
  "alerts:read",
  "events:read",
  "metrics:read",
]);

/** For pages, which show what will not be refused. What is done is asked for by `requirePermission`. */
export function can(actor: Actor, permission: Permission): boolean {
  return actor.permissions.has(permission);
}

/** @throws AppError access_denied; locked while nothing may be changed or opened */
export function requirePermission(actor: Actor, permission: Permission): void {
  requireEverything(actor);
  requirePermissionOnAccounts(actor, permission);
}

/**
 * The same for what asks `reaches` of each account, or puts `accountScope` into its query: this alone lets a
 * key pass that is for some accounts only.
 *
 * @throws AppError access_denied; locked
 */
export function requirePermissionOnAccounts(actor: Actor, permission: Permission): void {
  requireGranted(actor, permission);
  if (actor.lockedBecause && !isRead(permission))
    throw new AppError("locked", `Postkey is read-only. ${actor.lockedBecause}`);
}

/**
 * An actor that may change something may read it, even while nothing may be changed.
 * @throws AppError access_denied
 */
export function requirePermissionToSee(actor: Actor, permission: Permission): void {
  requireEverything(actor);
  requireGranted(actor, permission);
}

/**
 * For what is dangerous, after its permission: who found an open browser must not be able to do it. Programs
 * have no person to ask.
 *
 * @throws AppError proof_required when the person proved who they are longer ago than ten minutes
 */
export function requireRecentProof({ kind, isProvenLately = false }: Actor): void {
  if (kind === "user" && !isProvenLately)
    throw new AppError("proof_required", "Confirm that it's you.");
}

/** Whether an account is one of those that an actor reaches; to the others it does not exist. */
export function reaches(actor: Actor, account: { id: string; key: string }): boolean {
  const { accounts } = actor;
  if (!accounts) return true;
  if ("ids" in accounts) return accounts.ids.includes(account.id);
  return nameKey(account.key).startsWith(accounts.keyPrefix);
}

function requireGranted(actor: Actor, permission: Permission): void {
  if (actor.restrictedBecause) throw new AppError("access_denied", actor.restrictedBecause);
  if (!can(actor, permission))
    throw new AppError("access_denied", `This needs the permission ${permission}.`);
}

function requireEverything(actor: Actor): void {
  if (actor.accounts)
    throw new AppError("access_denied", "This API key is for some email accounts only.");
}
