import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { idSchema } from "@/lib/kernel/fields/schema";
import { log } from "@/lib/kernel/log";
import { endSession } from "@/lib/people/administrators/sessions";
import { signIn } from "@/lib/people/administrators/sign-in";
import { SESSION_ABSOLUTE_MS } from "@/lib/people/administrators/store";
import { finishSignIn } from "@/lib/people/factors/proof";
import { signInWithPasskey } from "@/lib/people/passkeys/verify";
import { networkAddress } from "./client-address";
import type { CompanyVisit } from "./company-provider";
import { cookieName, isSecure } from "./own-cookies";
import { SECOND_FACTOR_NEEDED } from "./schema";

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

/** next-auth keeps only the message of a refusal. */
export type SigningIn = {
  browser?: string | undefined;
  /** Binds the second half or the challenge to this browser. */
  pending?: string | undefined;
  challenge?: string | undefined;
  onSignedIn?: (email: string) => Promise<void>;
  onBegun?: () => Promise<void>;
  onSecondFactor?: (token: string) => Promise<void>;
  onRefused?: (error: unknown) => void;
};

type From = { address: string | undefined; userAgent: string | undefined };
type Request = { headers?: Record<string, string> };

export function ownProviders(browser: SigningIn) {
  const { browser: cookie, pending, challenge, onSecondFactor } = browser;
  const answer = answering(browser);
  return [
    Credentials({
      credentials: { email: { type: "email" }, password: { type: "password" } },
      authorize: (given, request) =>
        answer(request, async (from) => {
          const input = { email: given?.email, password: given?.password };
          const began = await signIn(input, { ...from, browser: cookie });
          if (began.kind === "session") return { ...began, email: input.email ?? "" };
          await onSecondFactor?.(began.token);
          throw new AppError("unauthenticated", SECOND_FACTOR_NEEDED);
        }),
    }),
    Credentials({
      id: "second-factor",
      credentials: { code: { type: "text" } },
      authorize: (given, request) =>
        answer(request, (from) => finishSignIn({ code: given?.code }, pending, from)),
    }),
    Credentials({
      id: "passkey",
      credentials: { response: { type: "text" } },
      authorize: (given, request) =>
        answer(request, (from) => signInWithPasskey(given?.response, challenge, from)),
    }),
  ];
}

function answering({ onSignedIn, onRefused }: SigningIn) {
  return async (
    request: Request,
    begin: (from: From) => Promise<{ sessionId: string; email: string }>,
  ): Promise<{ id: string }> => {
    try {
      const { sessionId, email } = await begin(fromOf(request));
      await onSignedIn?.(email);
      return { id: sessionId };
    } catch (thrown) {
      const error = translateDatabaseError(thrown);
      onRefused?.(error);
      // next-auth passes the message to the form; only our texts may pass.
      throw error instanceof AppError ? error : new Error("internal_error", { cause: error });
    }
  };
}

function fromOf({ headers = {} }: Request): From {
  const read = new Headers(headers);
  return { address: networkAddress(read), userAgent: read.get("user-agent") ?? undefined };
}
