import { beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { inviteAdministrator, setAdministratorActive } from "./mutations";
import { endSession } from "./sessions";
import { createInitialAdministrator, createSetupToken, setUp } from "./set-up";
import { signIn } from "./sign-in";
import { createSession, findSession } from "./store";

withDatabase();
const ada = administrator();
const password = "a long enough sentence";

beforeEach(async () => {
  await db().administrator.deleteMany();
  await db().setupLink.deleteMany();
});

const person = (email: string) =>
  db().administrator.create({ data: { email, name: "Bob", passwordHash: "-" } });
const tokenOf = (link: string) => new URL(link).hash.slice(1);

describe("an invitation", () => {
  test("lets one more administrator in, once", async () => {
    await person("first@contoso.test");
    const { link } = await inviteAdministrator(ada, { role: "administrator" });
    const form = { token: tokenOf(link), name: "Cem", email: "cem@contoso.test", password };
    expect(JSON.stringify(await db().setupLink.findMany())).not.toContain(form.token);
    await setUp(form);
    await expect(setUp({ ...form, email: "dora@contoso.test" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await db().administrator.count()).toBe(2);
  });

  test("is not spent on an address that is there already", async () => {
    await person("bob@contoso.test");
    const { link } = await inviteAdministrator(ada, { role: "administrator" });
    const form = { token: tokenOf(link), name: "Bob", email: "BOB@contoso.test", password };
    await expect(setUp(form)).rejects.toMatchObject({
      code: "conflict",
      fields: { email: [expect.any(String)] },
    });
    await setUp({ ...form, email: "robert@contoso.test" });
    expect(await db().administrator.count()).toBe(2);
  });

  test("runs out after a day", async () => {
    await person("first@contoso.test");
    const { link } = await inviteAdministrator(ada, { role: "administrator" });
    await db().setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    const form = { token: tokenOf(link), name: "Cem", email: "cem@contoso.test", password };
    await expect(setUp(form)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("disabling somebody", () => {
  test("ends his sessions at once; he may be let in again", async () => {
    await person("ada@contoso.test");
    const { id } = await person("bob@contoso.test");
    const sessionId = await createSession(id);
    await setAdministratorActive(ada, { id, active: false });
    expect(await findSession(sessionId)).toBeNull();
    await setAdministratorActive(ada, { id, active: true });
    expect(await findSession(sessionId)).toBeNull();
    expect(await findSession(await createSession(id))).not.toBeNull();
  });

  test("leaves somebody who can sign in, however many disable each other at once", async () => {
    const people = await Promise.all(["a", "b", "c"].map((name) => person(`${name}@contoso.test`)));
    const calls = people.map(({ id }) => setAdministratorActive(ada, { id, active: false }));
    await Promise.allSettled(calls);
    expect(await db().administrator.count({ where: { disabledAt: null } })).toBeGreaterThan(0);
  });

  test("is not for oneself, nor of nobody", async () => {
    const self = setAdministratorActive(ada, { id: ada.id, active: false });
    await expect(self).rejects.toMatchObject({ code: "conflict" });
    const { sessionId } = ada;
    const nobody = setAdministratorActive(ada, { id: sessionId, active: false });
    await expect(nobody).rejects.toMatchObject({ code: "not_found" });
  });
});

test("programs have no say in it", async () => {
  const motion = program("tokens:read");
  await expect(inviteAdministrator(motion, { role: "viewer" })).rejects.toMatchObject({
    code: "access_denied",
  });
  const call = setAdministratorActive(motion, { id: ada.id, active: false });
  await expect(call).rejects.toMatchObject({ code: "access_denied" });
});

describe("the audit trail", () => {
  const trail = async () => {
    const rows = await db().auditEvent.findMany({
      orderBy: { id: "asc" },
      select: { action: true, actorName: true, actorKind: true, objectName: true, address: true },
    });
    return rows.slice(-3).map((row) => Object.values(row).join(" · "));
  };

  test("knows who was let in, who was refused and who left, and from where", async () => {
    await createInitialAdministrator({ name: "Ada", email: "ada@contoso.test", password });
    const right = { email: "ada@contoso.test", password };
    const began = await signIn(right, { address: "203.0.113.1" });
    const sessionId = began.kind === "session" ? began.sessionId : "";
    const refused = { ...right, password: "wrong" };
    await expect(signIn(refused, { address: "203.0.113.2" })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await endSession(sessionId, { address: "203.0.113.1" });
    expect(await trail()).toEqual([
      "session.begin · Ada · user · Ada · 203.0.113.1",
      "session.refuse · Someone · anonymous · Ada · 203.0.113.2",
      "session.end · Ada · user · Ada · 203.0.113.1",
    ]);
    await endSession(sessionId, {});
    expect((await trail()).at(-1)).toContain("session.end · Ada · user · Ada · 203.0.113.1");
  });

  test("keeps nothing of what was typed when there is no such administrator", async () => {
    const typed = { email: "my password by mistake", password };
    await expect(signIn(typed, {})).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await trail()).at(-1)).toBe("session.refuse · Someone · anonymous ·  · ");
  });

  test("knows whom a link let in", async () => {
    await setUp({
      token: (await createSetupToken()) ?? "",
      name: "Ada",
      email: "ada@contoso.test",
      password,
    });
    expect((await trail()).at(-1)).toBe("administrator.create · Ada · user · Ada · ");
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
  });
});
