import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { grantsOf, withRefreshToken } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import {
  letExpire,
  openedAccessToken,
  openedCache,
  refreshDue,
  tokenRow,
} from "@/lib/testing/tokens";
import { saveSignedIn } from "./store";

const sandbox = withInstallation();
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(administrator(), sandbox()));
});

test("an answer with the tokens of somebody else replaces nothing, and is asked for again", async () => {
  const { id, tenantId } = await db().authorization.findFirstOrThrow();
  const somebodyElse = `${crypto.randomUUID()}.${tenantId}`;
  const [refreshToken = ""] = await grantsOf(sandbox().controlUrl, [somebodyElse]);
  const cache = withRefreshToken(await openedCache(cloudProviderId), refreshToken);
  const old = { accessToken: "old", expiresAt: new Date(), scopes: [], idToken: "", cache };
  await saveSignedIn(db(), id, old);
  await letExpire(cloudProviderId);
  expect(await refreshDue("keeper")).toBe(1);
  expect(await tokenRow(cloudProviderId)).toMatchObject({
    state: "retrying",
    failureId: "postkey.tokens_of_another",
  });
  expect(await openedAccessToken(cloudProviderId)).toBe("old");
  expect(await openedCache(cloudProviderId)).toBe(cache);
});
