import { Refresher } from "@/lib/keeper/refresher";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { findBound, openAccessToken, openCache } from "@/lib/sign-ins/tokens/store";

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
  await db().platformPause.deleteMany();
}

/** The one row of tokens of a provider. */
export function tokenRow(cloudProviderId: string) {
  return db().tokenSet.findFirstOrThrow({ where: { authorization: { cloudProviderId } } });
}

/** One turn of a keeper: what is due now, to its end. @returns how many were tried */
export async function refreshDue(keeperId: string): Promise<number> {
  const refresher = new Refresher(keeperId);
  const started = await refresher.fill();
  await refresher.settle(MINUTE_MS);
  return started;
}

/** What renews the tokens of a provider's one sign-in, opened. */
export async function openedCache(cloudProviderId: string): Promise<string> {
  return openCache(await boundRow(cloudProviderId));
}

/** The access token of a provider's one sign-in, opened. */
export async function openedAccessToken(cloudProviderId: string): Promise<string> {
  return openAccessToken(await boundRow(cloudProviderId));
}

/** What other sign-ins are seeded after: a provider's one sign-in, and whose it is. */
export async function seedOf({ cloudProviderId }: { cloudProviderId: string }) {
  const { homeAccountId } = await db().authorization.findFirstOrThrow({
    where: { cloudProviderId },
  });
  return { cache: await openedCache(cloudProviderId), homeAccountId };
}

async function boundRow(cloudProviderId: string) {
  const row = await tokenRow(cloudProviderId);
  return { ...row, ...(await findBound(db(), row.authorizationId)) };
}
