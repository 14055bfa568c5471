import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { person as actorOf, administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { signedIn } from "@/lib/testing/signed-in";
import { setAdministratorActive, setAdministratorRole } from "../administrators/mutations";
import { createSession, findSession } from "../administrators/store";
import { lacksOf, PERMISSIONS_OF } from "./permissions";
import type { Role } from "./schema";

withDatabase();
const ada = administrator();

beforeEach(() => db().administrator.deleteMany());

let count = 0;
const person = (role: Role, passwordHash: string | null = "-") =>
  db().administrator.create({
    data: { email: `${++count}@contoso.test`, name: `Person ${count}`, passwordHash, role },
    select: { id: true, name: true },
  });
const roleOf = async (id: string) =>
  (await db().administrator.findUniqueOrThrow({ where: { id } })).role;

describe("a changed role", () => {
  test("counts at the next request, and ends no session", async () => {
    await person("administrator");
    const { id } = await person("viewer");
    const sessionId = await createSession(id);
    expect(await findSession(sessionId)).toMatchObject({ role: "viewer" });
    await setAdministratorRole(ada, { id, role: "operator" });
    expect(await findSession(sessionId)).toMatchObject({ role: "operator" });
  });

  test("is in the audit trail, with what it was", async () => {
    await person("administrator");
    const { id, name } = await person("viewer");
    await setAdministratorRole(ada, { id, role: "auditor" });
    await setAdministratorRole(ada, { id, role: "auditor" });
    const events = await db().auditEvent.findMany({ where: { objectId: id } });
    expect(events).toMatchObject([
      { action: "role.change", objectName: name, detail: { from: "viewer", to: "auditor" } },
    ]);
  });
});

const takeIn = [
  ["disabled", (id: string) => setAdministratorActive(ada, { id, active: false })],
  ["demoted", (id: string) => setAdministratorRole(ada, { id, role: "operator" })],
] as const;

test("one's own role is not changed, nor that of nobody, and neither is disabled", async () => {
  for (const [id, code] of [
    [ada.id, "conflict"],
    [ada.sessionId, "not_found"],
  ] as const)
    for (const [, take] of takeIn) await expect(take(id)).rejects.toMatchObject({ code });
});

describe("one administrator who can sign in with a password", () => {
  test.each(takeIn)("is not %s as the last one, whoever else can sign in", async (_what, take) => {
    const { id } = await person("administrator");
    for (const role of ["viewer", "operator", "auditor"] as const) await person(role);
    await person("administrator", null);
    await expect(take(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await roleOf(id)).toBe("administrator");
  });

  test("does not lose the role to somebody who loses it to them at the same moment", async () => {
    for (let round = 0; round < 2; round += 1) {
      await db().administrator.deleteMany();
      await person("administrator");
      const [one, other] = await Promise.all([person("administrator"), person("administrator")]);
      const as = ({ id }: { id: string }) => ({ ...ada, id, sessionId: id });
      await Promise.all([signedIn(as(one)), signedIn(as(other))]);
      const both = await Promise.allSettled([
        setAdministratorRole(as(one), { id: other.id, role: "viewer" }),
        setAdministratorActive(as(other), { id: one.id, active: false }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
  });
});

describe("what a role lacks", () => {
  test("is nothing for an administrator, and is told with who has it", () => {
    expect(lacksOf(administrator())).toEqual({});
    expect(lacksOf(actorOf("operator"))).toMatchObject({ "providers:write": "an administrator" });
  });

  test("of those who change nothing are all permissions but the reading ones", () => {
    for (const role of ["viewer", "auditor"] as const)
      for (const permission of PERMISSIONS_OF[role]) expect(permission).toMatch(/:read$/);
  });
});
