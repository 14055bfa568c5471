import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { beginSession } from "../administrators/sessions";
import { findSession } from "../administrators/store";
import { createPending, takeTry } from "../factors/store";
import { endOtherSessions, endOwnSession, endSessionsOf } from "./mutations";
import { listOwnSessions, listSessionsOf } from "./queries";

withDatabase();

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0";
let people: Record<"ada" | "bob", { id: string; name: string; email: string }>;

beforeEach(async () => {
  await db().administrator.deleteMany();
  const create = (name: string) =>
    db().administrator.create({
      data: { name, email: `${name}@contoso.test`, passwordHash: "x" },
      select: { id: true, name: true, email: true },
    });
  people = { ada: await create("ada"), bob: await create("bob") };
});

const begin = (name: "ada" | "bob") =>
  beginSession(people[name], { address: "203.0.113.1", userAgent: FIREFOX });
const ada = (sessionId: string) => ({ ...administrator("Ada"), id: people.ada.id, sessionId });

test("a person sees where they are signed in, and which session this is", async () => {
  const [, here] = [await begin("ada"), await begin("ada"), await begin("bob")];
  const sessions = await listOwnSessions(ada(here));
  expect(sessions).toHaveLength(2);
  expect(sessions.find(({ id }) => id === here)).toMatchObject({
    isThis: true,
    browser: "Firefox on Windows",
    address: "203.0.113.1",
  });
  expect(sessions.filter(({ isThis }) => isThis)).toHaveLength(1);
});

test("a session that has ended, or belongs to somebody who is disabled, is not shown", async () => {
  const here = await begin("ada");
  const idle = await begin("ada");
  await db().session.update({
    where: { id: idle },
    data: { lastSeenAt: new Date(Date.now() - 3_600_000) },
  });
  expect((await listOwnSessions(ada(here))).map(({ id }) => id)).toEqual([here]);
  await begin("bob");
  await db().administrator.update({
    where: { id: people.bob.id },
    data: { disabledAt: new Date() },
  });
  expect(await listSessionsOf(ada(here), people.bob.id)).toEqual([]);
});

test("one of one's own is ended, and nobody else's", async () => {
  const [here, there, bobs] = [await begin("ada"), await begin("ada"), await begin("bob")];
  await endOwnSession(ada(here), { id: there });
  expect(await findSession(there)).toBeNull();
  for (const id of [there, bobs])
    await expect(endOwnSession(ada(here), { id })).rejects.toMatchObject({ code: "not_found" });
  expect(await findSession(bobs)).not.toBeNull();
});

test("all others are ended at once, and it is in the audit trail", async () => {
  const [here] = [await begin("ada"), await begin("ada"), await begin("ada"), await begin("bob")];
  expect(await endOtherSessions(ada(here))).toBe(2);
  expect(await endOtherSessions(ada(here))).toBe(0);
  expect(await db().session.count()).toBe(2);
  const events = await db().auditEvent.findMany({
    where: { action: "session.end_others", detail: { path: ["sessions"], equals: 2 } },
  });
  expect(events.map(({ objectName, detail }) => [objectName, detail])).toEqual([
    ["ada", { sessions: 2 }],
  ]);
});

test("an administrator signs somebody else out everywhere", async () => {
  const [here] = [await begin("ada"), await begin("bob"), await begin("bob")];
  expect(await endSessionsOf(ada(here), { administratorId: people.bob.id })).toBe(2);
  expect(await listSessionsOf(ada(here), people.bob.id)).toEqual([]);
  expect(await findSession(here)).not.toBeNull();
});

test("a program has no sessions and ends none", async () => {
  const key = program("administrators:write");
  expect(await listOwnSessions(key)).toEqual([]);
  await expect(endOtherSessions(key)).rejects.toMatchObject({ code: "access_denied" });
});

test("who ends all others ends what waits for a second factor somewhere else, too", async () => {
  const here = await begin("ada");
  const [token, bobs] = [await createPending(people.ada.id), await createPending(people.bob.id)];
  await endOtherSessions(ada(here));
  expect(await takeTry(token)).toBeNull();
  expect(await takeTry(bobs)).toMatchObject({ name: "bob" });
});
