import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { decode } from "next-auth/jwt";
import { cache } from "react";
import { type Actor, can } from "@/lib/kernel/actor";
import { idSchema } from "@/lib/kernel/fields/schema";
import { mintActor } from "@/lib/kernel/mint-actor";
import { browserName } from "@/lib/people/administrators/browsers";
import { endSession } from "@/lib/people/administrators/sessions";
import { findSession } from "@/lib/people/administrators/store";
import { findEndAddress } from "@/lib/people/company/leaving/mutations";
import { PERMISSIONS_OF } from "@/lib/people/roles/permissions";
import type { Role } from "@/lib/people/roles/schema";
import { circumstances, networkAddress } from "./client-address";
import { authSecret, SESSION_COOKIE } from "./next-auth";
import { deleteCookie, readCookie } from "./own-cookies";
import { PAGE_NEEDS, type RestrictedPage } from "./pages/schema";
import { PAGE_HEADER, secondFactorAddress, signInAddress } from "./way-back";

/** The session row decides, not the cookie; read once per page. */
const findSignedIn = cache(async () => {
  const sessionId = await readSessionId();
  const person = sessionId && (await findSession(sessionId));
  return sessionId && person ? { sessionId, person } : null;
});

export async function findRole(): Promise<Role | null> {
  return (await findSignedIn())?.person.role ?? null;
}

export async function findPersonHere(): Promise<{ name: string; email: string } | null> {
  const person = (await findSignedIn())?.person;
  return person ? { name: person.name, email: person.email } : null;
}

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

/** They reach only the page for a second factor. */
const RESTRICTED = {
  permissions: new Set<never>(),
  restrictedBecause: "Your role needs a second factor. Set one up first.",
};

export async function requireUser(): Promise<Actor> {
  const user = await requireAnyUser();
  if (user.restrictedBecause === undefined) return user;
  return redirect(secondFactorAddress((await headers()).get(PAGE_HEADER)));
}

export async function requireAnyUser(): Promise<Actor> {
  return (await findUser()) ?? redirect(signInAddress((await headers()).get(PAGE_HEADER)));
}

export async function requireUserOf(page: RestrictedPage): Promise<Actor> {
  const actor = await requireUser();
  return can(actor, PAGE_NEEDS[page]) ? actor : forbidden();
}

/** @returns the company's sign-out address, if wanted */
export async function signOut(): Promise<string | null> {
  const sessionId = await readSessionId();
  const address = networkAddress(await headers());
  const atCompany = sessionId ? await findEndAddress(sessionId) : null;
  if (sessionId) await endSession(sessionId, { address });
  await deleteCookie(SESSION_COOKIE);
  return atCompany;
}

/** Without its cookie, no one would see it go on. */
export async function endReplacedSession(): Promise<void> {
  const sessionId = await readSessionId();
  if (sessionId) await endSession(sessionId, { address: networkAddress(await headers()) });
}

async function readSessionId(): Promise<string | null> {
  const token = await readCookie(SESSION_COOKIE);
  if (!token) return null;
  // `decode` throws on foreign cookies.
  const payload = await decode({ token, secret: authSecret() }).catch(() => null);
  return idSchema.safeParse(payload?.sub).data ?? null;
}

export async function readBrowserName(): Promise<string> {
  return browserName((await headers()).get("user-agent") ?? "");
}
