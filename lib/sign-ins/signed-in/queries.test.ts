import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { findSignIn, searchSignedIn } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
});

describe("who is signed in at a provider", () => {
  test("is found by a part of the address or the name, and by no other", async () => {
    await signIn(ada, { subject: "another", cloudProviderId }, BOB);
    const all = await searchSignedIn(ada, { cloudProviderId, search: "" });
    expect(all).toMatchObject({ found: [{ id: ALICE }, { id: BOB }], hasMore: false });
    const some = await searchSignedIn(ada, { cloudProviderId, search: "BOB" });
    expect(some.found.map(({ name }) => name)).toEqual([BOB]);
    const byName = await searchSignedIn(ada, {
      cloudProviderId,
      search: all.found[1]?.detail ?? "",
    });
    expect(byName.found.map(({ name }) => name)).toEqual([BOB]);
    expect((await searchSignedIn(ada, { cloudProviderId, search: "carol" })).found).toEqual([]);
  });

  test("is nobody of another provider", async () => {
    const other = await searchSignedIn(ada, { cloudProviderId: MISSING, search: "" });
    expect(other).toEqual({ found: [], hasMore: false });
  });
});

describe("the sign-in that an account would use", () => {
  const find = (username: string) => findSignIn(ada, { cloudProviderId, username });

  test("is found under the name, however it is written", async () => {
    const found = await find(`  ${ALICE.toUpperCase()} `);
    expect(found).toMatchObject({ grant: "delegated", signedIn: { state: "connected" } });
    expect(found?.signedIn?.accessTokenExpiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  test("is none for someone who is not signed in, or while a name is half typed", async () => {
    for (const username of ["carol@contoso.test", "ali", "", "@"])
      expect(await find(username), username).toMatchObject({ signedIn: null });
  });

  test("of an application is its own, whatever the name", async () => {
    await db().cloudProvider.update({
      where: { id: cloudProviderId },
      data: { grant: "app_only" },
    });
    expect(await find(ALICE)).toMatchObject({ grant: "app_only", signedIn: null });
    await db().authorization.updateMany({
      where: { cloudProviderId, username: ALICE },
      data: { username: "" },
    });
    expect(await find("anyone@contoso.test")).toMatchObject({ signedIn: { state: "connected" } });
  });

  test("is null for a provider that is gone", async () => {
    expect(await findSignIn(ada, { cloudProviderId: MISSING, username: ALICE })).toBeNull();
  });
});

test("both are for those who may see providers", async () => {
  const stranger = program("accounts:read");
  const denied = { code: "access_denied" };
  const name = { cloudProviderId, username: ALICE };
  await expect(findSignIn(stranger, name)).rejects.toMatchObject(denied);
  const search = { cloudProviderId, search: "" };
  await expect(searchSignedIn(stranger, search)).rejects.toMatchObject(denied);
});
