import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PROTOCOLS } from "@/lib/egress/protocols/schema";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { scheduleNextTests } from "@/lib/email-accounts/test-schedule/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { expectNoSecret } from "@/lib/testing/secrets";
import { accountForm, BOB, connectedAccount, signIn, withAccount } from "@/lib/testing/sign-in";
import { statementsOf } from "@/lib/testing/statements";
import { letExpire } from "@/lib/testing/tokens";
import { findConnectionTest, findLastConnectionTest, listConnectionTests } from "./queries";
import { testAlone, testConnection } from "./run";
import { reportSchema, type TestEvent } from "./schema";

const sandbox = withInstallation();
const ada = administrator();
const own = withAccount(ada, sandbox);
beforeEach(() => db().connectionTest.deleteMany());

const remedies = async (id = own.emailAccountId) => {
  const { protocols } = await runTest(ada, id);
  return PROTOCOLS.map((protocol) => protocols[protocol].failure?.remedyId ?? "ok");
};

/** Fetches new tokens with the faults that are on now. */
const renewTokens = () => signIn(ada, own);

describe("a test that succeeds", () => {
  test("goes past the sign-in in all three protocols, and tells each stage", async () => {
    const { events, verdict, protocols } = await runTest(ada, own.emailAccountId);
    expect(verdict).toBe("ok");
    for (const protocol of PROTOCOLS) {
      expect(protocols[protocol].verdict).toBe("ok");
      expect(protocols[protocol].stages.map(({ status }) => status)).not.toContain("failed");
      const told = events.filter(
        (each) => each.type === "stage" && each.stage.protocol === protocol,
      );
      expect(told).toHaveLength(7);
    }
    expect(protocols.imap.stages.at(-1)).toMatchObject({ stage: "mailbox", status: "ok" });
    expect(protocols.smtp.stages.at(-1)).toMatchObject({ stage: "sender", status: "ok" });
  });

  test("tells what each stage found out as facts, with its transcript, and stores both", async () => {
    const { accessToken } = await getAccessToken(ada, own.emailAccountId, "test");
    const { protocols } = await runTest(ada, own.emailAccountId);
    for (const protocol of PROTOCOLS) {
      const facts = protocols[protocol].stages.map((stage) => stage.facts);
      expect(Object.assign({}, ...facts)).toMatchObject({
        host: expect.any(String),
        addresses: expect.arrayContaining(["127.0.0.1"]),
        address: "127.0.0.1",
        tlsVersion: "TLSv1.3",
        mechanisms: expect.arrayContaining(["XOAUTH2"]),
        ...(protocol !== "smtp" && { messages: expect.any(Number) }),
      });
      const said = protocols[protocol].transcript ?? [];
      expect(said[0]).toMatchObject({ by: "server" });
      // The others send it on a line of its own.
      expect(said.some(({ text }) => text.includes("XOAUTH2 ‹token of"))).toBe(protocol === "imap");
      const times = said.map(({ ms }) => ms);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }
    const where = { emailAccountId: own.emailAccountId };
    const latest = { where, orderBy: { startedAt: "desc" } } as const;
    const { report } = await db().connectionTest.findFirstOrThrow(latest);
    const stored = reportSchema.parse(report).protocols;
    for (const kept of ["stages", "transcript"] as const)
      expect(stored.map((each) => each[kept])).toEqual(
        PROTOCOLS.map((protocol) => protocols[protocol][kept]),
      );
    expectNoSecret([protocols, report], accessToken);
  });

  test("is stored with its verdicts, and told to open pages", async () => {
    const before = await db().event.count({ where: { type: "email_account" } });
    const { events } = await runTest(ada, own.emailAccountId);
    expect((await findLastConnectionTest(ada, own.emailAccountId))?.protocols).toHaveLength(3);
    const [row, ...others] = (await listConnectionTests(ada, own.emailAccountId)).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ verdict: "ok", startedByName: "Ada", passedSince: false });
    expect(row?.protocols).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ type: "finished", connectionTestId: row?.id });
    expect(await findEmailAccount(ada, own.emailAccountId)).toMatchObject({
      imapVerdict: "ok",
      smtpVerdict: "ok",
      pop3Verdict: "ok",
      lastTestedAt: row?.startedAt,
    });
    expect((await db().event.count({ where: { type: "email_account" } })) - before).toBe(1);
  });

  test("that failed says so, until a later one passes: then nothing is left to do", async () => {
    const passed = async () =>
      (await listConnectionTests(ada, own.emailAccountId)).rows.map((each) => each.passedSince);
    sandbox().faults.set("mail_drop");
    await runTest(ada, own.emailAccountId);
    expect((await passed())[0]).toBe(false);
    sandbox().faults.clearAll();
    await runTest(ada, own.emailAccountId);
    expect((await passed()).slice(0, 2)).toEqual([false, true]);
    const [, failed] = (await listConnectionTests(ada, own.emailAccountId)).rows;
    expect(await findConnectionTest(ada, failed?.id ?? "")).toMatchObject({ passedSince: true });
  });
});

describe("a mail server that refuses is explained", () => {
  test.each([
    ["mail_drop", Array(3).fill(expect.stringMatching(/interrupted|connection_lost/))],
    ["certificate_wrong_name", Array(3).fill("tls.wrong_name")],
    ["no_starttls", ["ok", "tls.starttls_missing", "ok"]],
  ])("%s", async (fault, expected) => {
    sandbox().faults.set(fault);
    expect(await remedies()).toEqual(expected);
  });
});

test("a token without a permission is explained by what it says itself", async () => {
  sandbox().faults.set("fewer_scopes");
  await renewTokens();
  sandbox().faults.clearAll();
  expect(await remedies()).toEqual(["ok", "token.missing_scope_smtp", "ok"]);
  await renewTokens();
});

describe("without a token", () => {
  test("nobody is signed in", async () => {
    const form = accountForm({ cloudProviderId: own.cloudProviderId, username: BOB });
    const { id } = await createEmailAccount(ada, form);
    expect(await remedies(id)).toEqual(Array(3).fill("postkey.not_signed_in"));
  });

  test("the platform refuses to renew it", async () => {
    await letExpire(own.cloudProviderId);
    sandbox().faults.set("grant_revoked");
    const { protocols } = await runTest(ada, own.emailAccountId);
    for (const protocol of PROTOCOLS) {
      expect(protocols[protocol].failure?.remedyId).toBe("AADSTS50173");
      const failed = protocols[protocol].stages.find(({ status }) => status === "failed");
      expect(failed?.stage).toBe("token");
    }
    sandbox().faults.clearAll();
    await renewTokens();
  });
});

describe("a test that nobody waits for", () => {
  test("closes its connections and stores nothing", async () => {
    sandbox().faults.set("mail_hang");
    const browser = new AbortController();
    const running = runTest(ada, own.emailAccountId, browser.signal);
    await expect.poll(() => db().mailboxPlace.count()).toBeGreaterThan(0);
    browser.abort();
    const { verdict, protocols } = await running;
    expect(verdict).toBeUndefined();
    for (const protocol of PROTOCOLS) expect(protocols[protocol].verdict).toBe("aborted");
    expect(await db().connectionTest.count()).toBe(0);
    await expect.poll(() => db().mailboxPlace.count()).toBe(0);
  });

  test("stores nothing for an account that was deleted meanwhile", async () => {
    const gone = await connectedAccount(ada, sandbox());
    sandbox().faults.set("mail_slow", { seconds: 0.1 });
    const account = await findMailboxAccount(ada, gone.emailAccountId);
    const { signal } = new AbortController();
    const finished: TestEvent[] = [];
    const onEvent = (event: TestEvent) => event.type === "finished" && finished.push(event);
    const running = testConnection(ada, account, { signal, onEvent });
    const { emailAccountId } = gone;
    await db().emailAccount.delete({ where: { id: emailAccountId } });
    await running;
    expect(await db().connectionTest.count({ where: { emailAccountId } })).toBe(0);
    const unstored = expect.not.objectContaining({ connectionTestId: expect.anything() });
    expect(finished).toEqual([unstored]);
  });
});

test("a mailbox is tested once at a time, and again as soon as that is over", async () => {
  const account = await findMailboxAccount(ada, own.emailAccountId);
  const options = { signal: new AbortController().signal, onEvent: () => {} };
  const results = await Promise.allSettled([
    testAlone(ada, account, options),
    testAlone(ada, account, options),
  ]);
  const refused = results.flatMap((result) => (result.status === "rejected" ? result.reason : []));
  expect(refused).toMatchObject([{ code: "conflict", remedyId: "postkey.mailbox_being_tested" }]);
  expect(await testAlone(ada, account, options)).toMatchObject({ verdict: "ok" });
});

test("asks for its account, token and places once, and stores its report in one statement", async () => {
  const said = await statementsOf(async () => {
    const account = await findMailboxAccount(ada, own.emailAccountId);
    await testAlone(ada, account, { signal: new AbortController().signal });
  });
  expect(said.map(({ text }) => text)).toHaveLength(5);
});

describe("the next time", () => {
  let id: string;

  beforeAll(async () => {
    ({ emailAccountId: id } = await connectedAccount(ada, sandbox()));
  });
  beforeEach(() => setSchedule("daily"));

  async function setSchedule(testSchedule: "daily" | "off"): Promise<void> {
    await db().emailAccount.update({ where: { id }, data: { testSchedule } });
    await scheduleNextTests(db(), [id]);
  }

  async function nextTime(): Promise<number | undefined> {
    const { nextTestAt } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
    return nextTestAt?.getTime();
  }

  /** A test during which the account becomes due, as by a sign-in or an edit. */
  async function testWhileItBecomesDue(): Promise<void> {
    const account = await findMailboxAccount(ada, id);
    const beforeSave = async () => {
      await db().$executeRaw`UPDATE "EmailAccount" SET "nextTestAt" = now() WHERE id = ${id}::uuid`;
      return true;
    };
    await testConnection(ada, account, { signal: new AbortController().signal, beforeSave });
  }

  test("what failed is tested again soon, and what passes after it, on its schedule again", async () => {
    const scheduled = await nextTime();
    sandbox().faults.set("imap_disabled");
    await runTest(ada, id);
    expect(await nextTime()).toBeLessThan(Date.now() + 6 * MINUTE_MS);
    sandbox().faults.clearAll();
    await runTest(ada, id);
    expect(await nextTime()).toBe(scheduled);
  });

  test("what was due when a test began is not due after it", async () => {
    const scheduled = await nextTime();
    await db().emailAccount.update({ where: { id }, data: { nextTestAt: new Date(0) } });
    await runTest(ada, id);
    expect(await nextTime()).toBe(scheduled);
  });

  test("what becomes due during a test stays due", async () => {
    await testWhileItBecomesDue();
    expect(await nextTime()).toBeLessThanOrEqual(Date.now());
  });
});
