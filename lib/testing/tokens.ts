import { MINUTE_MS } from "@/lib/clock";
import { db } from "@/lib/db";

/** Moves the end of a provider's tokens, so that no test waits for it. */
export async function letExpire(cloudProviderId: string, inMs = -MINUTE_MS): Promise<void> {
  const soon = new Date(Date.now() + inMs);
  await db().tokenSet.updateMany({
    where: { authorization: { cloudProviderId } },
    data: { accessTokenExpiresAt: soon, refreshDueAt: new Date(Date.now() - MINUTE_MS) },
  });
}

/** Lets the next attempt after a failure be due now. */
export async function letRetryNow(cloudProviderId: string): Promise<void> {
  const where = { authorization: { cloudProviderId } };
  await db().tokenSet.updateMany({ where, data: { refreshDueAt: new Date() } });
}

/** The one row of tokens of a provider. */
export function tokenRow(cloudProviderId: string) {
  return db().tokenSet.findFirstOrThrow({ where: { authorization: { cloudProviderId } } });
}
