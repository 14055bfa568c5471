import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { signedIn } from "@/lib/testing/signed-in";
import {
  inviteAdministrator,
  setAdministratorActive,
  setAdministratorRole,
} from "../administrators/mutations";
import { findInvitation, setUp } from "../administrators/set-up";
import { renewInvitation, revokeInvitation } from "./mutations";
import { listInvitations } from "./queries";

withDatabase();
const ada = administrator();
const password = "a long enough sentence";

beforeEach(async () => {
  await empty("Administrator", "SetupLink");
  await db().administrator.create({
    data: { name: "Cem", email: "cem@contoso.test", passwordHash: "-" },
  });
});

const tokenOf = ({ link }: { link: string }) => new URL(link).hash.slice(1);
const BOB = { role: "operator", name: "Bob", email: "Bob@Contoso.test" } as const;

test("an invitation says who is invited, as what and by whom, and makes that of the person", async () => {
  const token = tokenOf(await inviteAdministrator(ada, BOB));
  expect(await listInvitations(ada)).toMatchObject([
    { role: "operator", name: "Bob", email: "bob@contoso.test", invitedByName: "Ada" },
  ]);
  expect(JSON.stringify(await listInvitations(ada))).not.toContain(token);
  expect(await findInvitation({ token })).toMatchObject({ role: "operator", name: "Bob" });
  await setUp({ token, name: "Bob", email: BOB.email, password });
  expect(
    await db().administrator.findUnique({ where: { email: "bob@contoso.test" } }),
  ).toMatchObject({ role: "operator" });
  expect(await listInvitations(ada)).toEqual([]);
});

test("one with an address is for nobody else, and is not spent by them", async () => {
  const token = tokenOf(await inviteAdministrator(ada, BOB));
  const other = setUp({ token, name: "Eve", email: "eve@contoso.test", password });
  await expect(other).rejects.toMatchObject({ fields: { email: [expect.any(String)] } });
  await setUp({ token, name: "Bob", email: "bob@contoso.test", password });
});

test("one for an address that is taken is not spent, and one that is used up lets nobody in", async () => {
  const token = tokenOf(await inviteAdministrator(ada, { role: "administrator" }));
  expect(JSON.stringify(await db().setupLink.findMany())).not.toContain(token);
  const form = { token, name: "Dora", email: "CEM@contoso.test", password };
  await expect(setUp(form)).rejects.toMatchObject({
    code: "conflict",
    fields: { email: [expect.any(String)] },
  });
  await setUp({ ...form, email: "dora@contoso.test" });
  const again = setUp({ ...form, email: "eve@contoso.test" });
  await expect(again).rejects.toMatchObject({ code: "not_found" });
  expect(await db().administrator.count()).toBe(2);
});

test("a revoked invitation lets nobody in; a renewed one lets in with the new link alone", async () => {
  const revoked = tokenOf(await inviteAdministrator(ada, BOB));
  const [first] = await listInvitations(ada);
  await revokeInvitation(ada, { id: first?.id ?? "" });
  await expect(findInvitation({ token: revoked })).rejects.toMatchObject({ code: "not_found" });
  const old = tokenOf(await inviteAdministrator(ada, BOB));
  const [second] = await listInvitations(ada);
  const fresh = tokenOf(await renewInvitation(ada, { id: second?.id ?? "" }));
  await expect(findInvitation({ token: old })).rejects.toMatchObject({ code: "not_found" });
  expect(await findInvitation({ token: fresh })).toMatchObject({ role: "operator", name: "Bob" });
  const gone = revokeInvitation(ada, { id: second?.id ?? "" });
  await expect(gone).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  ["disabled", (id: string) => setAdministratorActive(ada, { id, active: false })],
  ["no administrator any more", (id: string) => setAdministratorRole(ada, { id, role: "viewer" })],
] as const)("the invitations of somebody who is %s are void", async (_what, end) => {
  const { id, name } = await db().administrator.create({
    data: { name: "Dora", email: "dora@contoso.test", passwordHash: "-" },
  });
  await inviteAdministrator(await signedIn({ ...administrator(name), id }), BOB);
  await inviteAdministrator(ada, { role: "viewer" });
  await end(id);
  expect(await listInvitations(ada)).toMatchObject([{ role: "viewer" }]);
});

describe("an expired invitation", () => {
  const expire = () =>
    db().setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 60_000) } });
  const told = async () => {
    const events = await db().auditEvent.findMany({ orderBy: { id: "desc" }, take: 1 });
    return events.map(({ action, objectName }) => [action, objectName]);
  };

  test("lets nobody in, and stays in the list, behind those that are open, until it is removed", async () => {
    const token = tokenOf(await inviteAdministrator(ada, BOB));
    await expire();
    const late = setUp({ token, name: "Bob", email: BOB.email, password });
    await expect(late).rejects.toMatchObject({ code: "not_found" });
    await inviteAdministrator(ada, { role: "viewer", name: "Dora" });
    const [, expired] = await listInvitations(ada);
    expect(await listInvitations(ada)).toMatchObject([
      { name: "Dora", isExpired: false },
      { name: "Bob", isExpired: true },
    ]);
    await revokeInvitation(ada, { id: expired?.id ?? "" });
    expect(await listInvitations(ada)).toMatchObject([{ name: "Dora" }]);
    expect(await told()).toEqual([["invitation.remove", "Bob"]]);
  });

  test("is replaced by a new one to the same address, and gone once the person is here", async () => {
    await inviteAdministrator(ada, BOB);
    await expire();
    await inviteAdministrator(ada, { ...BOB, name: "Robert" });
    expect(await listInvitations(ada)).toMatchObject([{ name: "Robert", isExpired: false }]);
    await expire();
    const token = tokenOf(await inviteAdministrator(ada, { role: "viewer" }));
    await setUp({ token, name: "Bob", email: "bob@contoso.test", password });
    expect(await listInvitations(ada)).toEqual([]);
  });
});

test("the link of the first start is no invitation that could be revoked", async () => {
  await db().setupLink.create({
    data: { tokenHash: "first", expiresAt: new Date(Date.now() + 60_000) },
  });
  expect(await listInvitations(ada)).toEqual([]);
  const { id } = await db().setupLink.findFirstOrThrow();
  await expect(revokeInvitation(ada, { id })).rejects.toMatchObject({ code: "not_found" });
});
