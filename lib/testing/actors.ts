import { randomUUID } from "node:crypto";
import type { Actor, Permission } from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";
import { PERMISSIONS_OF } from "@/lib/people/roles/permissions";
import type { Role } from "@/lib/people/roles/schema";

/** A signed-in administrator in a browser session of his own. */
export function administrator(name = "Ada"): Actor & { sessionId: string } {
  return person("administrator", name);
}

/** A person with a role, whose session is fresh. */
export function person(role: Role, name = "Ada"): Actor & { sessionId: string } {
  const sessionId = randomUUID();
  const identity = { kind: "user", id: randomUUID(), name, isProvenLately: true } as const;
  return { ...mintActor({ ...identity, permissions: PERMISSIONS_OF[role] }), sessionId };
}

/** A program with an API key. */
export function program(...permissions: Permission[]): Actor {
  const identity = { kind: "api_key", id: randomUUID(), name: "Mail motion" } as const;
  return mintActor({ ...identity, permissions: new Set(permissions) });
}
