import fc from "fast-check";
import { expect, test } from "vitest";
import { fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { TokenSet } from "@/lib/oauth/service";
import { findRequest, savePending } from "@/lib/sign-ins/store";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { tokenRow } from "@/lib/testing/tokens";
import { claimNow } from "./leases/store";
import { saveRefreshed, saveRefreshedAlone } from "./mutations";
import { boundTo, findBound, saveSignedIn } from "./store";

/** What is no token, wherever it came from, takes the place of no other. */
const sandbox = withInstallation();
const account = withAccount(administrator(), sandbox);

const good = { expiresAt: fromNow(HOUR_MS), scopes: [], idToken: "" };
const cache = JSON.stringify({ RefreshToken: {} });
const useless = fc.oneof(
  fc.constantFrom("", " ", "a b", "a\r\nb", "a\u0001b", "é", "x".repeat(16 * 1024 + 1)),
  fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\u0000", "\u200b") }),
);
const notStorable: fc.Arbitrary<TokenSet> = fc.oneof(
  useless.map((accessToken) => ({ ...good, accessToken, cache })),
  fc
    .constantFrom("", "{", "null", "[]", '"x"', "7")
    .map((unreadable) => ({ ...good, accessToken: "token", cache: unreadable })),
);

async function anyRequest() {
  const { id, sessionId } = await db().authorizationRequest.findFirstOrThrow();
  const request = await findRequest(id, sessionId ?? "");
  if (!request) throw new Error("There is no request.");
  return request;
}

test("tokens that are empty or unreadable are stored by no path", async () => {
  const before = await tokenRow(account.cloudProviderId);
  const { authorizationId } = before;
  const claim = await claimNow("test", authorizationId);
  if (!claim) throw new Error("The row is held.");
  const request = await anyRequest();
  const destination = boundTo(await findBound(db(), authorizationId));
  await fc.assert(
    fc.asyncProperty(notStorable, async (tokens) => {
      const renewed = { credentialVersion: 1, tokens };
      const identity = { objectId: "o", tenantId: "t", username: "u", displayName: "d" };
      const outcome = { kind: "discarded", signedIn: "u" } as const;
      const paths: (() => Promise<unknown>)[] = [
        () => db().$transaction((tx) => saveSignedIn(tx, authorizationId, tokens)),
        () => db().$transaction((tx) => saveRefreshed(tx, claim, renewed)),
        () => saveRefreshedAlone(claim, renewed),
        () =>
          savePending(db(), request, {
            outcome,
            destination,
            pending: { identity, tokens, missingScopes: [] },
          }),
      ];
      for (const path of paths) await expect(path()).rejects.toMatchObject({ kind: "retry" });
    }),
    { numRuns: 100 },
  );
  const { accessTokenSealed, cacheSealed, state } = before;
  expect(await tokenRow(account.cloudProviderId)).toMatchObject({
    accessTokenSealed,
    cacheSealed,
    state,
  });
  const pending = { pendingSealed: { not: null } };
  expect(await db().authorizationRequest.count({ where: pending })).toBe(0);
});

test("a useless token does not fail the ones that are stored with it", async () => {
  const { authorizationId } = await tokenRow(account.cloudProviderId);
  await db().tokenSet.updateMany({ data: { leaseUntil: new Date(0) } });
  const claim = await claimNow("test", authorizationId);
  if (!claim) throw new Error("The row is held.");
  const save = (accessToken: string) =>
    saveRefreshedAlone(claim, { credentialVersion: 1, tokens: { ...good, accessToken, cache } });
  const [bad, fine] = await Promise.allSettled([save(""), save("token")]);
  expect(bad.status).toBe("rejected");
  expect(fine).toEqual({ status: "fulfilled", value: true });
});
