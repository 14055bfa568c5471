import "server-only";
import Credentials from "next-auth/providers/credentials";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { AppError } from "@/lib/kernel/errors";
import { signIn } from "@/lib/people/administrators/sign-in";
import { finishSignIn } from "@/lib/people/factors/sign-in";
import { signInWithPasskey } from "@/lib/people/passkeys/verify";
import { networkAddress } from "./client-address";
import { SECOND_FACTOR_NEEDED } from "./schema";

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
type Began = { sessionId: string; email: string };

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
    begin: (from: From) => Promise<Began>,
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
