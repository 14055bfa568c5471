import type { Actor } from "@/lib/kernel/actor";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { SESSION_ABSOLUTE_MS } from "@/lib/people/administrators/store";

/** Gives a person who has a row the session that they act with. */
export async function signedIn<A extends Actor & { sessionId: string }>(actor: A): Promise<A> {
  const { id: administratorId, sessionId: id } = actor;
  const expiresAt = await databaseNow(SESSION_ABSOLUTE_MS);
  await db().session.createMany({ data: { id, administratorId, expiresAt }, skipDuplicates: true });
  return actor;
}
