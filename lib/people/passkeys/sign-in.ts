import "server-only";
import { beginSession } from "../administrators/sessions";
import { requirePasswordAllowed } from "../company/break-glass/mutations";
import { requirePasskey } from "./store";
import { verifyPasskey } from "./verify";

type From = { address?: string | undefined; userAgent?: string | undefined };

/**
 * No name is typed, and the finger, face or PIN is the second factor. @throws AppError unauthenticated;
 * too_many_requests
 */
export async function signInWithPasskey(
  response: unknown,
  token: string | undefined,
  from: From,
): Promise<{ sessionId: string; email: string }> {
  const { address } = from;
  const { id, person } = await verifyPasskey({ response, token, administratorId: null, address });
  await requirePasswordAllowed(person, "passkey");
  const sessionId = await beginSession(person, from, {
    method: "passkey",
    bind: (tx) => requirePasskey(tx, id),
  });
  return { sessionId, email: person.email };
}
