import "server-only";
import { randomUUID } from "node:crypto";
import { cookies, headers } from "next/headers";
import type { Actor } from "@/lib/kernel/actor";
import { HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { idSchema } from "@/lib/kernel/fields/schema";
import { mintActor } from "@/lib/kernel/mint-actor";
import { findOwnerOf } from "@/lib/sign-ins/links/owner";
import { circumstances } from "./circumstances";
import { networkAddress } from "./client-address";

/** Longer than any sign-in takes, its failures and second tries included. */
const LIFE_MS = HOUR_MS;

/**
 * The owner of a mailbox who came with a link and now returns with the platform's answer; null for anyone
 * else. It may end the sign-in that this browser began, and nothing else.
 */
export async function findOwner(state: string): Promise<Actor | null> {
  const sessionId = await readOwnerSession();
  const owner = sessionId && (await findOwnerOf(state, sessionId));
  if (!sessionId || !owner) return null;
  const { id, username: name } = owner;
  const around = await circumstances(networkAddress(await headers()));
  return mintActor({ kind: "owner", id, name, permissions: new Set(), sessionId, ...around });
}

/** What a sign-in by link is bound to in this browser (RFC 9700 §4.7); null where none was begun. */
export async function readOwnerSession(): Promise<string | null> {
  const value = (await cookies()).get(cookieName())?.value;
  return idSchema.safeParse(value).data ?? null;
}

/** The same, made where it is missing. */
export async function ensureOwnerSession(): Promise<string> {
  const sessionId = (await readOwnerSession()) ?? randomUUID();
  (await cookies()).set(cookieName(), sessionId, {
    httpOnly: true,
    // The platform sends the browser back from another site.
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge: LIFE_MS / SECOND_MS,
  });
  return sessionId;
}

function cookieName(): string {
  return isSecure() ? "__Host-postkey.owner" : "postkey.owner";
}

function isSecure(): boolean {
  return env().url.protocol === "https:";
}
