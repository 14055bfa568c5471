import { AppError } from "./errors";

const PERMISSIONS = [
  "providers:read",
  "providers:write",
  "accounts:read",
  "accounts:write",
  "accounts:test",
  "tokens:read",
  "contacts:read",
  "contacts:write",
  "keys:write",
  "administrators:write",
  "audit:read",
] as const;

export type Permission = (typeof PERMISSIONS)[number];
export const ALL_PERMISSIONS: readonly Permission[] = PERMISSIONS;

declare const proof: unique symbol;

type Identity = {
  kind: "user" | "api_key" | "job";
  id: string;
  /** As the audit trail and the screens name it. */
  name: string;
  permissions: ReadonlySet<Permission>;
  /** The browser session of a user; a sign-in at a provider is bound to it. */
  sessionId?: string;
};

/** Proof that somebody was authenticated. Every query and mutation takes one first. */
export type Actor = Identity & { readonly [proof]: true };

/** Only lib/auth (people, programs) and lib/keeper (jobs) may call this; the import rules say so. */
export function mintActor(identity: Identity): Actor {
  // The symbol exists in types alone: this is the one place that gives the proof.
  return identity as Actor;
}

/** @throws AppError access_denied */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!actor.permissions.has(permission))
    throw new AppError("access_denied", `This needs the permission ${permission}.`);
}
