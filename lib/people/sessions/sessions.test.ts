import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { setReadOnly, withDatabase } from "@/lib/testing/database";
import {
  endOtherSessions,
  endOwnSession,
  endSessionsOf,
  setAdministratorActive,
} from "../administrators/mutations";
import { listOwnSessions, listSessionsOf } from "../administrators/queries";
import { beginSession } from "../administrators/sessions";
import {
  deleteEndedSessions,
  deleteSession,
  findSession,
  isSessionAlive,
} from "../administrators/store";
import { createPending, takeTry } from "../factors/store";

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

describe("a session", () => {
  let id: string;
  beforeEach(async () => {
    id = await begin("bob");
  });
  const change = (data: { lastSeenAt?: Date; expiresAt?: Date }) =>
    db().session.update({ where: { id }, data });
  const ago = (ms: number) => new Date(Date.now() - ms);
  const row = () => db().session.findUniqueOrThrow({ where: { id } });
  const activate = (active: boolean) =>
    setAdministratorActive(administrator(), { id: people.bob.id, active });

  test.each([
    ["after half an hour without a request", () => change({ lastSeenAt: ago(31 * MINUTE_MS) })],
    ["after twelve hours in any case", () => change({ expiresAt: ago(1) })],
    ["when it is ended", () => deleteSession(id)],
    ["when its person is disabled, for good", () => activate(false).then(() => activate(true))],
  ])("ends %s", async (_when, end) => {
    expect(await findSession(id)).not.toBeNull();
    await end();
    expect(await findSession(id)).toBeNull();
    expect(await isSessionAlive(id)).toBe(false);
  });

  test("is good for reading while the database takes no writes", async () => {
    await change({ lastSeenAt: ago(5 * MINUTE_MS) });
    await setReadOnly(pool(), true);
    try {
      expect(await findSession(id)).not.toBeNull();
    } finally {
      await setReadOnly(pool(), false);
    }
  });

  test("lives on with each request, for twelve hours at most", async () => {
    await change({ lastSeenAt: ago(29 * MINUTE_MS) });
    await findSession(id);
    const { lastSeenAt, expiresAt } = await row();
    expect(lastSeenAt.getTime()).toBeGreaterThan(Date.now() - 2 * MINUTE_MS);
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 12 * HOUR_MS);
  });

  test("is not kept alive by a stream that stays open", async () => {
    await change({ lastSeenAt: ago(29 * MINUTE_MS) });
    await isSessionAlive(id);
    expect((await row()).lastSeenAt.getTime()).toBeLessThan(Date.now() - 28 * MINUTE_MS);
  });

  test("is removed when it has ended", async () => {
    await change({ expiresAt: ago(1) });
    await deleteEndedSessions();
    expect(await db().session.count()).toBe(0);
  });
});

test("a person sees where they are signed in, and which session this is", async () => {
  const [idle, here] = [await begin("ada"), await begin("ada"), await begin("bob")];
  const sessions = await listOwnSessions(ada(here));
  expect(sessions).toHaveLength(2);
  expect(sessions.filter(({ isThis }) => isThis)).toMatchObject([
    { id: here, browser: "Firefox on Windows", address: "203.0.113.1" },
  ]);
  const lastSeenAt = new Date(Date.now() - HOUR_MS);
  await db().session.update({ where: { id: idle }, data: { lastSeenAt } });
  expect((await listOwnSessions(ada(here))).map(({ id }) => id)).toEqual([here]);
});

test("one of one's own is ended, and nobody else's", async () => {
  const [here, there, bobs] = [await begin("ada"), await begin("ada"), await begin("bob")];
  await endOwnSession(ada(here), { id: there });
  expect(await findSession(there)).toBeNull();
  for (const id of [there, bobs])
    await expect(endOwnSession(ada(here), { id })).rejects.toMatchObject({ code: "not_found" });
  expect(await findSession(bobs)).not.toBeNull();
});

test("all others are ended at once, with what waits for a second factor, and the trail tells it", async () => {
  const [here] = [await begin("ada"), await begin("ada"), await begin("ada"), await begin("bob")];
  const [token, bobs] = [await createPending(people.ada.id), await createPending(people.bob.id)];
  expect(await endOtherSessions(ada(here), {})).toBe(2);
  expect(await endOtherSessions(ada(here), {})).toBe(0);
  expect(await db().session.count()).toBe(2);
  expect(await takeTry(token)).toBeNull();
  expect(await takeTry(bobs)).toMatchObject({ name: "bob" });
  const events = await db().auditEvent.findMany({
    where: { action: "session.end_others", detail: { path: ["sessions"], equals: 2 } },
  });
  expect(events.map(({ objectName }) => objectName)).toEqual(["ada"]);
});

test("an administrator signs somebody else out everywhere", async () => {
  const [here] = [await begin("ada"), await begin("bob"), await begin("bob")];
  expect(await endSessionsOf(ada(here), { administratorId: people.bob.id })).toBe(2);
  expect(await listSessionsOf(ada(here), people.bob.id)).toEqual([]);
  expect(await findSession(here)).not.toBeNull();
});
