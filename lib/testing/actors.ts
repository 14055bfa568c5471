import { randomUUID } from "node:crypto";
import { type Actor, ALL_PERMISSIONS, type Permission } from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";

/** A signed-in administrator in a browser session of his own. */
export function administrator(name = "Ada"): Actor & { sessionId: string } {
  const sessionId = randomUUID();
  const permissions = new Set(ALL_PERMISSIONS);
  return { ...mintActor({ kind: "user", id: randomUUID(), name, permissions }), sessionId };
}

/** A program with an API key. */
export function program(...permissions: Permission[]): Actor {
  const identity = { kind: "api_key", id: randomUUID(), name: "Mail motion" } as const;
  return mintActor({ ...identity, permissions: new Set(permissions) });
}
