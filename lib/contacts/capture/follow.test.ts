import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { contactEmails as contacts, withKeeper } from "@/lib/testing/capture";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { claimInboxes } from "./leases/store";
import { findCapture } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;
let contactListId: string;
/** Only a busy machine needs this long. */
const WAIT = { timeout: 15_000 };
const SHARED = "support@contoso.test";

beforeAll(async () => {
  contactListId = (await createContactList(ada, { name: "Customers" })).id;
  ({ emailAccountId } = await connectedAccount(ada, sandbox(), { contactListId }));
});

beforeEach(async () => {
  await db().contact.deleteMany();
  await db().captureState.deleteMany();
  const usual = { captureReplyTo: false, mailbox: null, readsBy: "imap" };
  await change({ active: true, contactListId, ...usual });
});

type Change = Parameters<ReturnType<typeof db>["emailAccount"]["update"]>[0]["data"];

function change(data: Change) {
  return db().emailAccount.update({
    where: { id: emailAccountId },
    data: { ...data, version: { increment: 1 } },
    select: { id: true },
  });
}

async function send(from: string, to = ALICE) {
  const body = new URLSearchParams({ from, to, subject: "A question", text: "Hello!" });
  const url = new URL("messages", sandbox().controlUrl);
  expect((await fetch(url, { method: "POST", body, redirect: "manual" })).status).toBeLessThan(400);
}

const state = () => db().captureState.findUnique({ where: { emailAccountId } });

const are = (...emails: string[]) => expect.poll(contacts, WAIT).toEqual(emails);
const stands = (expected: object) => expect.poll(state, WAIT).toMatchObject(expected);
const isFollowing = () =>
  stands({ followingSince: expect.any(Date), readAt: expect.any(Date), failureId: null });
const hasFailed = (failureId: string) => stands({ failureId });

describe("the inbox of an active account with a list", () => {
  test("gives each new sender to the list, once", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await send("kim@customer.test");
      await are("kim@customer.test");
      await send("KIM@Customer.TEST");
      await send("lee@customer.test");
      await are("kim@customer.test", "lee@customer.test");
      await stands({ messages: 3n, captured: 2n, failures: 0 });
      const [kim] = await db().contact.findMany({ where: { email: "kim@customer.test" } });
      expect(kim).toMatchObject({ contactListId, emailAccountId });
      const counted = { list: { name: "Customers" }, messages: 3, captured: 2, failureId: null };
      expect(await findCapture(ada, emailAccountId)).toMatchObject(counted);
      expect(kim?.lastSeenAt?.getTime()).toBeGreaterThanOrEqual(kim?.firstSeenAt?.getTime() ?? 0);
    });
  });

  test("is followed by one keeper of two", async () => {
    await withKeeper(async () => {
      await withKeeper(async () => {
        await isFollowing();
        await send("once@customer.test");
        await are("once@customer.test");
        await send("twice@customer.test");
        await are("once@customer.test", "twice@customer.test");
        expect(await state()).toMatchObject({ messages: 2n });
      }, "keeper-2");
    });
  });

  test("is read again by date when its UIDs mean something else", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await send("known@customer.test");
      await are("known@customer.test");
    });
    const data = { uidValidity: 1n, lastUid: 9_999n };
    await db().captureState.update({ where: { emailAccountId }, data });
    await send("moved@customer.test");
    await withKeeper(() => expect.poll(contacts, WAIT).toContain("moved@customer.test"));
    expect((await contacts()).filter((email) => email === "known@customer.test")).toHaveLength(1);
  });
});

describe("what changes on the account", () => {
  test("switching it off stops it, for every keeper, and on again loses nothing", async () => {
    await withKeeper(async () => {
      await isFollowing();
      await change({ active: false });
      await stands({ leaseOwner: null });
      await send("waiting@customer.test");
      expect(await claimInboxes("another keeper", 100)).toEqual([]);
      expect(await contacts()).toEqual([]);
      await change({ active: true });
      await are("waiting@customer.test");
    });
  });

  test("an address that stands in another list stays there", async () => {
    const data = { name: "Partners", nameKey: "partners" };
    const { id } = await db().contactList.create({ data });
    const row = { contactListId: id, email: "pat@x.test", emailKey: "pat@x.test", name: "Pat" };
    await db().contact.create({ data: row });
    await withKeeper(async () => {
      await isFollowing();
      await send("pat@x.test");
      await stands({ messages: 1n });
    });
    const [pat] = await db().contact.findMany();
    expect(pat).toMatchObject({ contactListId: id, emailAccountId: null, name: "Pat" });
    await db().contactList.delete({ where: { id } });
  });
});

/** What open pages were told of the account since then, by number. */
async function notices(): Promise<number> {
  const payload = { path: ["id"], equals: emailAccountId };
  return db().event.count({ where: { type: "email_account", payload } });
}

test("open pages hear when an inbox begins to be followed, when that stops, and when it goes on", async () => {
  const before = await notices();
  // The notice follows what it is about.
  const areTold = (times: number) => expect.poll(notices, WAIT).toBe(before + times);
  await withKeeper(async () => {
    await isFollowing();
    await areTold(1);
    sandbox().faults.set("imap_disabled");
    // Another version of the account: it is opened anew.
    await change({ description: "edited" });
    await hasFailed("imap.authenticate_failed");
    await areTold(2);
    sandbox().faults.clearAll();
    await db().captureState.update({ where: { emailAccountId }, data: { retryAt: new Date() } });
    await isFollowing();
    await areTold(3);
  });
});

describe("a server that fails", () => {
  test("is told of as a connection test does where a delegate lacks the right to the mailbox", async () => {
    await change({ mailbox: SHARED });
    sandbox().faults.set("reply:imap:open:imap.not_connected");
    await withKeeper(() => hasFailed("imap.no_full_access"));
  });

  test("is tried again as soon as somebody signs in, however long it was left alone", async () => {
    sandbox().faults.set("imap_disabled");
    await withKeeper(async () => {
      await hasFailed("imap.authenticate_failed");
      sandbox().faults.clearAll();
      const data = { retryAt: new Date(Date.now() + HOUR_MS), failures: 9 };
      await db().captureState.update({ where: { emailAccountId }, data });
      await signIn(ada, { subject: "email_account", emailAccountId });
      await isFollowing();
      expect(await state()).toMatchObject({ failureId: null, failures: 0, retryAt: null });
    });
  });
});

describe("an inbox that Microsoft Graph reads", () => {
  beforeEach(async () => {
    // Its own: a date has whole seconds, within which it may be read what came before.
    await change({ readsBy: "graph", mailbox: SHARED });
    await signIn(ada, { subject: "email_account", emailAccountId });
  });

  test("gives each new sender once, over restarts, odd rows and links that are gone", async () => {
    const has = (email: string) => withKeeper(() => expect.poll(contacts, WAIT).toContain(email));
    await withKeeper(async () => {
      await isFollowing();
      await send("ann@customer.test", SHARED);
      await are("ann@customer.test");
    });
    for (let number = 0; number < 25; number += 1) await send(`away${number}@x.test`, SHARED);
    await has("away24@x.test");
    await stands({ messages: 26n, captured: 26n });
    sandbox().faults.set("delta:odd_rows");
    await send("ben@customer.test", SHARED);
    await has("ben@customer.test");
    expect(await contacts()).toHaveLength(27);
    sandbox().faults.set("delta:gone");
    await send("cid@customer.test", SHARED);
    await has("cid@customer.test");
  });
});
