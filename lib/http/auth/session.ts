import "server-only";
import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { decode } from "next-auth/jwt";
import { cache } from "react";
import { endSession } from "@/lib/access/administrators/sessions";
import { findSession } from "@/lib/access/administrators/store";
import { findEndAddress } from "@/lib/access/company/leaving/end-address";
import { PERMISSIONS_OF } from "@/lib/access/roles/permissions";
import type { Role } from "@/lib/access/roles/schema";
import { type Actor, can } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { mintActor } from "@/lib/kernel/mint-actor";
import { circumstances } from "./circumstances";
import { networkAddress } from "./client-address";
import { authSecret, SESSION_COOKIE } from "./next-auth";
import { deleteCookie, readCookie } from "./own-cookies";
import { PAGE_NEEDS, type RestrictedPage } from "./pages/schema";
import { PAGE_HEADER, secondFactorAddress, signInAddress } from "./way-back";

/** The session row decides, not the cookie; it is read once for a page. */
const findSignedIn = cache(async () => {
  const sessionId = await readSessionId();
  const person = sessionId && (await findSession(sessionId));
  return sessionId && person ? { sessionId, person } : null;
});

/** The role of the person who is signed in, or null. */
export async function findRole(): Promise<Role | null> {
  return (await findSignedIn())?.person.role ?? null;
}

/** Whose browser this is; null where no one is signed in. */
export async function findPersonHere(): Promise<{ name: string; email: string } | null> {
  const person = (await findSignedIn())?.person;
  return person ? { name: person.name, email: person.email } : null;
}

/** The person who is signed in, or null. */
export const findUser = cache(async (): Promise<Actor | null> => {
  const signedIn = await findSignedIn();
  if (!signedIn) return null;
  const { sessionId, person } = signedIn;
  const { id, name, role, isProvenLately, needsSecondFactor } = person;
  const around = await circumstances(networkAddress(await headers()));
  const user = { kind: "user", id, name, sessionId, isProvenLately, ...around } as const;
  const may = needsSecondFactor ? RESTRICTED : { permissions: PERMISSIONS_OF[role] };
  return mintActor({ ...user, ...may });
});

/** They reach the page that sets up a second factor, and nothing else. */
const RESTRICTED = {
  permissions: new Set<never>(),
  restrictedBecause: "Your role needs a second factor. Set one up first.",
};

/**
 * For pages and actions: redirects to the sign-in page when no one is signed in, which leads back, and a person who must set up a second factor to the page for that.
 */
export async function requireUser(): Promise<Actor> {
  const user = await requireAnyUser();
  if (user.restrictedBecause === undefined) return user;
  return redirect(secondFactorAddress((await headers()).get(PAGE_HEADER)));
}

/** For what sets up a second factor, and for nothing else. */
export async function requireAnyUser(): Promise<Actor> {
  return (await findUser()) ?? redirect(signInAddress((await headers()).get(PAGE_HEADER)));
}

/** For a page that is not for every role: the others are told so, with status 403. */
export async function requireUserOf(page: RestrictedPage): Promise<Actor> {
  const actor = await requireUser();
  return can(actor, PAGE_NEEDS[page]) ? actor : forbidden();
}

/** @returns where the browser signs out at its company, where that is wished */
export async function signOut(): Promise<string | null> {
  const sessionId = await readSessionId();
  const address = networkAddress(await headers());
  const atCompany = sessionId ? await findEndAddress(sessionId) : null;
  if (sessionId) await endSession(sessionId, { address });
  await deleteCookie(SESSION_COOKIE);
  return atCompany;
}

/** Ends the session that another one replaces in this browser: with its cookie gone, no one could see it go on. */
export async function endReplacedSession(): Promise<void> {
  const sessionId = await readSessionId();
  if (sessionId) await endSession(sessionId, { address: networkAddress(await headers()) });
}

async function readSessionId(): Promise<string | null> {
  const token = await readCookie(SESSION_COOKIE);
  if (!token) return null;
  // decode throws on a cookie that is not ours: that is no session.
  const payload = await decode({ token, secret: authSecret() }).catch(() => null);
  return idSchema.safeParse(payload?.sub).data ?? null;
}
