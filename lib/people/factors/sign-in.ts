import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { beginSession, recordRefusal } from "../administrators/sessions";
import { proveCode } from "./prove-code";
import { secondFactorSchema } from "./schema";
import { endPending, takeTry } from "./store";

type From = { address?: string | undefined; userAgent?: string | undefined };

/** @throws AppError unauthenticated when it is over or the code is wrong; too_many_requests; locked */
export async function finishSignIn(
  input: unknown,
  token: string | undefined,
  from: From,
): Promise<{ sessionId: string; email: string }> {
  const parsed = secondFactorSchema.safeParse(input);
  if (!parsed.success) throw new AppError("unauthenticated", "Enter the code.");
  const person = token === undefined ? null : await takeTry(token);
  if (!person || token === undefined) throw over();
  const { address } = from;
  const sessionId = await proveCode(person, parsed.data.code, {
    address,
    onShown: (spend, method) =>
      beginSession(person, from, {
        method,
        bind: async (tx, { isAudited }) => {
          if (!(await endPending(tx, token))) throw over();
          await spend(tx, isAudited);
        },
      }),
  }).catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "unprocessable") throw error;
    await recordRefusal(person, from);
    throw new AppError("unauthenticated", error.message, { cause: error });
  });
  return { sessionId, email: person.email };
}

function over(): AppError {
  return new AppError(
    "unauthenticated",
    "This sign-in took too long, or too many codes were wrong. Start again with your password.",
  );
}
