import { words } from "@/lib/kernel/words";
import { AppError } from "./errors";
import { PERMISSIONS, type Permission } from "./permissions/schema";
import { nameKey } from "./text/normalize";

export type { Permission };
export const ALL_PERMISSIONS: readonly Permission[] = PERMISSIONS;

declare const proof: unique symbol;

export type Identity = {
  /** `owner`: the owner of a mailbox, who came with a sign-in link. */
  kind: "user" | "api_key" | "device" | "owner" | "job";
  id: string;
  name: string;
  permissions: ReadonlySet<Permission>;
  createdByName?: string;
  /** A sign-in at a provider is bound to it. */
  sessionId?: string;
  isProvenLately?: boolean;
  restrictedBecause?: string;
  address?: string;
  lockedBecause?: string;
  /** Absent: all accounts. */
  accounts?: AccountScope;
};

export type AccountScope = { ids: readonly string[] } | { keyPrefix: string };

export function isRead(permission: Permission): boolean {
  return READS.has(permission);
}

/** Proof of authentication. Every query and mutation takes one first. */
export type Actor = Identity & { readonly [proof]: true };

/** Permissions that change nothing and open no secret stay usable while Postkey is locked. */
const READS: ReadonlySet<Permission> = new Set(
  words(
    "providers:read accounts:read contacts:read devices:read administrators:read audit:read",
    "incidents:read alerts:read events:read metrics:read",
  ),
);

/** For pages, which hide controls; functions call `requirePermission`. */
export function can(actor: Actor, permission: Permission): boolean {
  return actor.permissions.has(permission);
}

export function requirePermission(actor: Actor, permission: Permission): void {
  requireEverything(actor);
  requirePermissionOnAccounts(actor, permission);
}

/** Also passes keys for some accounts: the caller asks `reaches` or adds `accountScope`. */
export function requirePermissionOnAccounts(actor: Actor, permission: Permission): void {
  requireGranted(actor, permission);
  if (actor.lockedBecause && !isRead(permission))
    throw new AppError("locked", `Postkey is read-only. ${actor.lockedBecause}`);
}

/** The right to change includes the right to see, even while locked. */
export function requirePermissionToSee(actor: Actor, permission: Permission): void {
  requireEverything(actor);
  requireGranted(actor, permission);
}

/** Dangerous acts need more than an open browser. @throws AppError proof_required */
export function requireRecentProof({ kind, isProvenLately = false }: Actor): void {
  if (kind === "user" && !isProvenLately)
    throw new AppError("proof_required", "Confirm that it's you.");
}

/** An account out of reach is treated as missing. */
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
