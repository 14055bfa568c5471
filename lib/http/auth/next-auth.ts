import "server-only";
import type { NextAuthOptions } from "next-auth";
import { SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { idSchema } from "@/lib/kernel/fields/schema";
import { log } from "@/lib/kernel/log";
import { endSession } from "@/lib/people/administrators/sessions";
import { SESSION_ABSOLUTE_MS } from "@/lib/people/administrators/store";
import type { CompanyVisit } from "./company-provider";
import { cookieName, isSecure } from "./own-cookies";
import { ownProviders, type SigningIn } from "./providers";

export const SESSION_COOKIE = "session";

export function authSecret(): string {
  return deriveKey(env().keyring, "next-auth");
}

/** The cookie's `sub` is a session id; every request reads that row. */
export function authOptions(
  browser: SigningIn = {},
  company: Partial<CompanyVisit> = {},
): NextAuthOptions {
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure() } as const;
  return {
    secret: authSecret(),
    session: { strategy: "jwt", maxAge: SESSION_ABSOLUTE_MS / SECOND_MS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    cookies: { sessionToken: { name: cookieName(SESSION_COOKIE), options } },
    providers: [...ownProviders(browser), ...(company.providers ?? [])],
    callbacks: {
      redirect: ({ url, baseUrl }) => ownAddress(url, baseUrl),
      jwt: ({ token }) => (token.sub ? { sub: token.sub } : {}),
      async signIn({ user, account }) {
        if (account?.type !== "oauth") return true;
        const decided = (await company.decide?.()) ?? null;
        if (decided === null) return false;
        if ("location" in decided) return decided.location;
        user.id = decided.sessionId;
        return true;
      },
    },
    events: {
      async signIn() {
        await browser.onBegun?.();
      },
      // next-auth's sign-out deletes only the cookie, and a copy would stay valid.
      async signOut({ token }) {
        const sessionId = idSchema.safeParse(token?.sub).data;
        if (sessionId) await endSession(sessionId, {});
      },
    },
    // next-auth would log the other side's words.
    logger: {
      error: (code) => log.warn({ reason: code }, "next-auth refused a request"),
      warn: (code) => log.warn({ reason: code }, "next-auth warns"),
      debug: () => {},
    },
  };
}

function ownAddress(url: string, baseUrl: string): string {
  const address = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : null;
  return address?.origin === new URL(baseUrl).origin ? address.href : baseUrl;
}
