import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { startCapture } from "@/lib/keeper/capture";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { findCapture } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;
let contactListId: string;

beforeAll(async () => {
  contactListId = (await createContactList(ada, { name: "Customers" })).id;
  ({ emailAccountId } = await connectedAccount(ada, sandbox(), { contactListId }));
});

beforeEach(async () => {
  await db().contact.deleteMany();
  await db().captureState.deleteMany();
  await change({ active: true, contactListId, captureReplyTo: false, mailbox: null });
});

type Change = Parameters<ReturnType<typeof db>["emailAccount"]["update"]>[0]["data"];

function change(data: Change) {
  return db().emailAccount.update({
    where: { id: emailAccountId },
    data: { ...data, version: { increment: 1 } },
    select: { id: true },
  });
}

async function send(from: string, subject = "A question") {
  const body = new URLSearchParams({ from, to: ALICE, subject, text: "Hello!" });
  const url = new URL("messages", sandbox().controlUrl);
  expect((await fetch(url, { method: "POST", body, redirect: "manual" })).status).toBeLessThan(400);
}

const contacts = async () =>
  (await db().contact.findMany({ orderBy: { email: "asc" } })).map(({ email }) => email);
const state = () => db().captureState.findUnique({ where: { emailAccountId } });

async function until<T>(what: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 10_000; ; await sleep(50)) {
    const value = await what();
    if (isRight(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)}.`);
  }
}

const isFollowing = () =>
  until(state, (row) => row?.followingSince !== null && row?.readAt !== null && row !== null);

/** A keeper that follows inboxes, for as long as the work lasts. */
async function withKeeper(work: () => Promise<void>, name = "keeper-1") {
  const stop = startCapture(name);
  try {
    await work();
  } finally {
    await stop();
  }
}

describe("the inbox of an active account with a list", () => {
  test("gives each new sender to the list, once, within a second", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await send("kim@customer.test");
      await until(contacts, (found) => found.length === 1);
      await send("KIM@Customer.TEST");
      await send("lee@customer.test");
      expect(await until(contacts, (found) => found.length === 2)).toEqual([
        "kim@customer.test",
        "lee@customer.test",
      ]);
      const row = await until(state, (found) => found?.messages === 3n);
      expect(row).toMatchObject({ captured: 2n, failures: 0 });
      const [kim] = await db().contact.findMany({ where: { email: "kim@customer.test" } });
      expect(kim).toMatchObject({ contactListId, emailAccountId });
      expect(await findCapture(ada, emailAccountId)).toMatchObject({
        listName: "Customers",
        messages: 3,
        captured: 2,
        failureId: null,
      });
      expect(kim?.lastSeenAt?.getTime()).toBeGreaterThanOrEqual(kim?.firstSeenAt?.getTime() ?? 0);
    });
  });

  test("misses nothing of a burst, whenever in its reading a message arrives", async () => {
    await withKeeper(async () => {
      await isFollowing();
      const senders = Array.from({ length: 25 }, (_, index) => `burst-${index}@customer.test`);
      for (const sender of senders) {
        await send(sender);
        await sleep(Math.random() * 20);
      }
      await until(contacts, (found) => found.length === senders.length);
      expect(await state()).toMatchObject({ messages: 25n, captured: 25n });
    });
  });

  test("is read from where it was left, whatever arrived meanwhile", async () => {
    await withKeeper(async () => void (await isFollowing()));
    await send("meanwhile@customer.test");
    await withKeeper(async () => {
      await until(contacts, (found) => found.includes("meanwhile@customer.test"));
    }, "keeper-2");
    expect(await state()).toMatchObject({ messages: 1n, leaseOwner: null, followingSince: null });
  });

  test("begins with what arrives from now on, not with the past", async () => {
    await send("before@customer.test");
    await withKeeper(async () => {
      await isFollowing();
      await send("after@customer.test");
      expect(await until(contacts, (found) => found.length > 0)).toEqual(["after@customer.test"]);
    });
  });

  test("is followed by one keeper of two", async () => {
    await withKeeper(async () => {
      await withKeeper(async () => {
        await isFollowing();
        await send("once@customer.test");
        await until(contacts, (found) => found.length === 1);
        await sleep(300);
        expect(await state()).toMatchObject({ messages: 1n });
      }, "keeper-2");
    });
  });

  test("is read again by date when its UIDs mean something else", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await send("known@customer.test");
      await until(contacts, (found) => found.length === 1);
    });
    await db().captureState.update({
      where: { emailAccountId },
      data: { uidValidity: 1n, lastUid: 9_999n },
    });
    await send("moved@customer.test");
    await withKeeper(async () => {
      await until(contacts, (found) => found.includes("moved@customer.test"));
    });
    expect((await contacts()).filter((email) => email === "known@customer.test")).toHaveLength(1);
  });
});

describe("what changes on the account", () => {
  test("switching it off stops it within seconds, and on again loses nothing", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await change({ active: false });
      await until(state, (row) => row?.leaseOwner === null);
      await send("waiting@customer.test");
      await sleep(1_500);
      expect(await contacts()).toEqual([]);
      await change({ active: true });
      await until(contacts, (found) => found.includes("waiting@customer.test"));
    });
  });

  test("an address that stands in another list stays there", async () => {
    const other = await db().contactList.create({
      data: { name: "Partners", nameKey: "partners" },
      select: { id: true },
    });
    await db().contact.create({
      data: { contactListId: other.id, email: "pat@x.test", emailKey: "pat@x.test", name: "Pat" },
    });
    await withKeeper(async () => {
      await isFollowing();
      await send("pat@x.test");
      await until(state, (row) => row?.messages === 1n);
    });
    const [pat] = await db().contact.findMany();
    expect(pat).toMatchObject({ contactListId: other.id, emailAccountId: null, name: "Pat" });
    await db().contactList.delete({ where: { id: other.id } });
  });
});

/** What open pages were told of the account since then, by number. */
async function notices(): Promise<number> {
  const path = ["id"];
  return db().event.count({
    where: { type: "email_account", payload: { path, equals: emailAccountId } },
  });
}

test("open pages hear when an inbox begins to be followed, when that stops, and when it goes on", async () => {
  const before = await notices();
  // The notice follows what it is about.
  const areTold = (times: number) => until(notices, (told) => told === before + times);
  await withKeeper(async () => {
    await isFollowing();
    await areTold(1);
    sandbox().faults.set("imap_disabled");
    // Another version of the account: it is opened anew.
    await change({ description: "edited" });
    await until(state, (row) => row?.failureId === "imap.authenticate_failed");
    await areTold(2);
    sandbox().faults.clearAll();
    await db().captureState.update({ where: { emailAccountId }, data: { retryAt: new Date() } });
    await isFollowing();
    await areTold(3);
  });
});

describe("a server that fails", () => {
  test("is told of as a connection test does where a delegate lacks the right to the mailbox", async () => {
    const mailbox = "support@contoso.test";
    await change({ mailbox });
    sandbox().faults.set("reply:imap:open:imap.not_connected");
    await withKeeper(async () => {
      const row = await until(state, (found) => found?.failureId !== null && found !== null);
      expect(row?.failureId).toBe("imap.no_full_access");
    });
  });

  test("is tried again as soon as somebody signs in, however long it was left alone", async () => {
    sandbox().faults.set("imap_disabled");
    await withKeeper(async () => {
      await until(state, (found) => found?.failureId !== null && found !== null);
      sandbox().faults.clearAll();
      const data = { retryAt: new Date(Date.now() + HOUR_MS), failures: 9 };
      await db().captureState.update({ where: { emailAccountId }, data });
      await signIn(ada, { subject: "email_account", emailAccountId });
      await isFollowing();
      expect(await state()).toMatchObject({ failureId: null, failures: 0, retryAt: null });
    });
  });

  test("is left alone for a while, with the reason, and then followed again", async () => {
    sandbox().faults.set("imap_disabled");
    await withKeeper(async () => {
      const row = await until(state, (found) => found?.failureId !== null && found !== null);
      expect(row).toMatchObject({ failureId: "imap.authenticate_failed", failures: 1 });
      expect(row?.retryAt?.getTime()).toBeGreaterThan(Date.now());
      sandbox().faults.clearAll();
      await db().captureState.update({ where: { emailAccountId }, data: { retryAt: new Date() } });
      await isFollowing();
      expect(await state()).toMatchObject({ failureId: null, failures: 0 });
    });
  });
});
