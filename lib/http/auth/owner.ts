import { randomUUID } from "node:crypto";
import { headers } from "next/headers";
import type { Actor } from "@/lib/kernel/actor";
import { HOUR_MS } from "@/lib/kernel/clock";
import { idSchema } from "@/lib/kernel/fields/schema";
import { mintActor } from "@/lib/kernel/mint-actor";
import { findOwnerOf } from "@/lib/sign-ins/links/owner";
import { circumstances, networkAddress } from "./client-address";
import { readCookie, setCookie } from "./own-cookies";

/** Long enough for failures and retries. */
const LIFE_MS = HOUR_MS;

/** May complete the sign-in this browser began, and nothing else; null for others. */
export async function findOwner(state: string): Promise<Actor | null> {
  const sessionId = await readOwnerSession();
  const owner = sessionId && (await findOwnerOf(state, sessionId));
  if (!sessionId || !owner) return null;
  const { id, username: name } = owner;
  const around = await circumstances(networkAddress(await headers()));
  return mintActor({ kind: "owner", id, name, permissions: new Set(), sessionId, ...around });
}

/** Binds a sign-in by link to this browser (RFC 9700 §4.7). */
export async function readOwnerSession(): Promise<string | null> {
  return idSchema.safeParse(await readCookie("owner")).data ?? null;
}

export async function ensureOwnerSession(): Promise<string> {
  const sessionId = (await readOwnerSession()) ?? randomUUID();
  // The platform redirects from another site.
  await setCookie("owner", sessionId, { sameSite: "lax", lifeMs: LIFE_MS });
  return sessionId;
}
