import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { waiting } from "@/e2e/faults/activity";
import {
  dialogue,
  type Rule,
  type ScriptedServer,
  startScriptedServer,
} from "@/e2e/servers/scripted-server";
import { deleteAccounts } from "@/lib/email-accounts/bulk/mutations";
import { createEmailAccount, deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { sendNextLetter } from "@/lib/keeper/loops";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { claimLetter, LETTER_PACE_MS, putOff, saveRefused } from "@/lib/letters/outbox/store";
import { inviteAdministrator } from "@/lib/people/administrators/mutations";
import { mailInvitation } from "@/lib/people/links/mutations";
import { revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import {
  mailSignInLinks,
  remindOfSignInLink,
  saveLinkSettings,
  sendSignInLinkAgain,
} from "@/lib/sign-ins/links/letters/mutations";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { showLink } from "@/lib/sign-ins/links/owner";
import { findLinkMail, listSignInLinks } from "@/lib/sign-ins/links/queries";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { LINKS_OFF, setLinks } from "@/lib/testing/link-settings";
import { withInstallation } from "@/lib/testing/sandbox";
import { TAKES_MAIL, withCertificate } from "@/lib/testing/scripted-mail";
import { ALICE, accountForm, BOB, signIn, withProvider } from "@/lib/testing/sign-in";
import { statementsOf } from "@/lib/testing/statements";
import { createAlertChannel } from "../alerts/mutations";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "app-password";
const SENDER = "postkey@contoso.test";
const ports = new Set<number>();
const own = withCertificate();
const provider = withProvider(ada, sandbox);
let server: ScriptedServer | undefined;

beforeAll(() => {
  env().extraCaPem = `${sandbox().caPem}\n${own().certificate.caPem}`;
  env().privateHosts = new Set(["localhost"]);
  env().mailPorts = ports;
});

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "AlertChannel", "Letter", "SignInLink" CASCADE`;
  await setLinks();
  server = await foreignServer();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function channelAt(port: number): Promise<void> {
  ports.add(port);
  const smtp = { host: "localhost", port, tls: "implicit" };
  const relay = { kind: "smtp", smtp, from: SENDER, user: SENDER, password: PASSWORD };
  const to = { recipients: "ops@contoso.test", sendsLinks: true };
  await createAlertChannel(ada, alertChannelForm({ ...relay, ...to }));
}

const linksFor = (usernames: string[], send = true) =>
  createSignInLinks(ada, { cloudProviderId: provider.cloudProviderId, usernames, send });
const tokenOf = (link = "") => link.slice(link.indexOf("#") + 1);
const mailOf = async (username: string) =>
  (await listSignInLinks(ada)).rows.find((row) => row.username === username)?.mail;
const letters = () => db().letter.findMany({ orderBy: { createdAt: "asc" } });
/** As if the pace had been waited for. */
const letPaceGoBy = () =>
  db().$executeRaw`UPDATE "Letter" SET "attemptedAt" = "attemptedAt" - interval '1 minute'`;
async function sendNext(): Promise<void> {
  await letPaceGoBy();
  await sendNextLetter();
}

/** A foreign server that answers as told. */
async function foreignServer(rules: readonly Rule[] = []) {
  await server?.close();
  await db().alertChannel.deleteMany();
  const talk = dialogue("220 hi", [...rules, ...TAKES_MAIL]);
  const started = await startScriptedServer(talk, own().certificate);
  await channelAt(started.port);
  return started;
}

/** What the server got of a letter, as its reader sees it. */
const mailed = () => (server?.received() ?? "").replaceAll("=\r\n", "");

describe("a letter", () => {
  test("goes to its recipient with a link that opens, marked as automatic, and is erased then", async () => {
    const [made] = await linksFor([ALICE]);
    expect(made).toMatchObject({ mail: "waiting" });
    expect(await mailOf(ALICE)).toMatchObject({ letter: { state: "waiting", sentAt: null } });
    await sendNextLetter();
    expect(mailed()).toContain(`RCPT TO:<${ALICE}>`);
    expect(mailed()).toMatch(/^Auto-Submitted: auto-generated\r$/im);
    const [, token = ""] = /\/connect#([\w-]{43})/.exec(mailed()) ?? [];
    expect(await showLink(token)).toMatchObject({ username: ALICE, createdByName: "Ada" });
    expect(await mailOf(ALICE)).toMatchObject({
      letter: { state: "sent", recipient: ALICE, attempts: 1, result: "250 2.0.0 queued" },
    });
    // Reminders are off: nothing of the link is kept.
    expect(await letters()).toMatchObject([{ kind: "sign_in_link", textSealed: null }]);
  });

  test("of an invitation goes to the person, once", async () => {
    const { link } = await inviteAdministrator(ada, { role: "operator" });
    const invitation = { token: tokenOf(link), address: BOB };
    expect(await mailInvitation(ada, invitation)).toEqual({ address: BOB });
    await expect(mailInvitation(ada, invitation)).rejects.toMatchObject({ code: "not_found" });
    await sendNextLetter();
    expect(mailed()).toContain(`RCPT TO:<${BOB}>`);
    expect(mailed()).toContain(tokenOf(link));
  });
  test("needs a channel that sends links, and says how to get one", async () => {
    await db().alertChannel.deleteMany();
    const [made] = await linksFor([ALICE], false);
    expect(made).toMatchObject({ mail: "no_channel" });
    const refused = { code: "conflict", message: expect.stringContaining("Settings → Alerts") };
    await expect(linksFor([ALICE])).rejects.toMatchObject(refused);
    const tokens = [tokenOf(made?.link)];
    await expect(mailSignInLinks(ada, { tokens })).rejects.toMatchObject(refused);
    expect(await letters()).toEqual([]);
  });

  test("about a link that was just made is sent once, however often it is asked", async () => {
    const made = await linksFor([ALICE, BOB, "no address"], false);
    expect(made.map(({ mail }) => mail)).toEqual(["possible", "possible", "no_address"]);
    const tokens = made.map(({ link }) => tokenOf(link));
    expect(await mailSignInLinks(ada, { tokens })).toEqual({ mailed: 2, withoutAddress: 1 });
    expect(await mailSignInLinks(ada, { tokens })).toMatchObject({ mailed: 0 });
    await mailSignInLinks(ada, { tokens: ["x".repeat(43)] });
    expect(await letters()).toHaveLength(2);
  });

  test("that is refused is not tried again, and says why without the link", async () => {
    let token = "";
    const listed = () => `554 5.7.1 Rejected: http://x/connect#${token} is listed\r\n`;
    server = await foreignServer([
      [/^RCPT TO:<alice/, "550 5.1.1 <alice@contoso.test>: Recipient rejected: User unknown"],
      [/^\.$/, (socket) => socket.write(listed())],
    ]);
    const made = await linksFor([ALICE, BOB]);
    token = tokenOf(made[1]?.link);
    await sendNext();
    await sendNext();
    const failed = { attempts: 1, state: "failed", sentAt: null };
    expect(await mailOf(ALICE)).toMatchObject({
      letter: { ...failed, result: expect.stringContaining("User unknown") },
    });
    const refusal = (await mailOf(BOB))?.letter;
    expect(refusal).toMatchObject({ ...failed, result: expect.stringContaining("[removed]") });
    expect(refusal?.result).not.toContain(token);
    expect((await letters()).map(({ textSealed }) => textSealed)).toEqual([null, null]);
  });

  test("for a mailbox that asks to come back waits alone", async () => {
    server = await foreignServer([[/^RCPT TO:<alice/, "450 4.2.0 Greylisted"]]);
    await linksFor([ALICE, BOB]);
    await sendNext();
    await sendNext();
    const states = await Promise.all([mailOf(ALICE), mailOf(BOB)]);
    expect(states.map((mail) => mail?.letter.state)).toEqual(["waiting", "sent"]);
  });

  test("waits with all others while the server does not work, and goes out afterwards", async () => {
    server = await foreignServer([[/^AUTH PLAIN/, "454 4.7.0 Temporary failure"]]);
    await linksFor([ALICE, BOB]);
    await sendNext();
    await sendNext();
    const rows = await letters();
    expect(rows.map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
    expect(rows.every(({ dueAt }) => dueAt.getTime() > Date.now() + 30_000)).toBe(true);
    expect((await mailOf(BOB))?.letter.result).toContain("Temporary failure");
    server = await foreignServer();
    await db().$executeRaw`UPDATE "Letter" SET "dueAt" = now()`;
    await sendNext();
    await sendNext();
    expect((await letters()).map(({ state }) => state)).toEqual(["sent", "sent"]);
  });

  test("is given back by a server that goes silent", async () => {
    server = await foreignServer([[/^MAIL/, () => {}]]);
    await linksFor([ALICE]);
    await sendNextLetter({ deadlineMs: 200 });
    expect(await letters()).toMatchObject([
      { state: "waiting", attempts: 1, leaseUntil: null, result: expect.stringMatching(/\w/) },
    ]);
    await expect.poll(() => server?.openSockets()).toBe(0);
  });

  test("is sent once more when a keeper dies over it, and not a third time", async () => {
    await linksFor([ALICE]);
    const endLease = async () => {
      await db().$executeRaw`UPDATE "Letter" SET "leaseUntil" = now() - interval '1 s'`;
      await letPaceGoBy();
    };
    expect(await claimLetter()).toMatchObject({ recipient: ALICE });
    await letPaceGoBy();
    expect(await claimLetter()).toBeNull();
    await endLease();
    expect(await claimLetter()).toMatchObject({ attempts: 2 });
    await endLease();
    await sendNextLetter();
    expect(await letters()).toMatchObject([{ state: "failed", textSealed: null }]);
    expect(server?.received()).toBe("");
  });

  test("is not touched by a keeper that was paused and lost it", async () => {
    await linksFor([ALICE]);
    const paused = await claimLetter();
    await db().$executeRaw`UPDATE "Letter" SET "leaseUntil" = now() - interval '1 s'`;
    await letPaceGoBy();
    expect(await claimLetter()).toMatchObject({ attempts: 2 });
    const held = await letters();
    if (!paused) throw new Error("No letter was due.");
    await putOff(paused, { result: "Late", waitMs: MINUTE_MS, isOfAll: true });
    await saveRefused(paused, "Late");
    expect(await letters()).toEqual(held);
  });

  test("is not sent by a keeper that was paused since it asked for it", async () => {
    await linksFor([ALICE]);
    let sending = Promise.resolve();
    await db().$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.letters})`;
      sending = sendNextLetter();
      await expect.poll(waiting).toHaveLength(1);
      const now = performance.now.bind(performance);
      vi.spyOn(performance, "now").mockImplementation(() => now() + MINUTE_MS);
    });
    await sending;
    vi.restoreAllMocks();
    expect(server?.received()).toBe("");
    expect(await letters()).toMatchObject([
      { state: "waiting", leaseUntil: null, result: expect.stringContaining("was paused") },
    ]);
  });

  test("whose recipient was changed in the database is not sent", async () => {
    await linksFor([ALICE]);
    await db().letter.updateMany({ data: { recipient: "evil@contoso.test" } });
    await sendNext();
    expect(server?.received()).toBe("");
    expect(await letters()).toMatchObject([{ state: "waiting", sentAt: null }]);
  });
});

describe("a letter is not sent, and its link is erased,", () => {
  const expectVoid = async () => {
    await sendNext();
    const [first] = await letters();
    expect(first).toMatchObject({ state: "void", sentAt: null, textSealed: null });
  };

  test("once its link was revoked, or its owner signed in another way", async () => {
    const [made] = await linksFor([ALICE]);
    const selection = { links: "selected" as const, signInLinkIds: [made?.id ?? ""] };
    await revokeSignInLinks(ada, { selection });
    await expectVoid();
    await db().letter.deleteMany();
    await linksFor([ALICE]);
    await signIn(ada, provider, ALICE);
    await expectVoid();
  });

  test("once the last account of its mailbox was deleted, and no sooner", async () => {
    const account = async () =>
      (await createEmailAccount(ada, accountForm({ cloudProviderId: provider.cloudProviderId })))
        .id;
    const [first, last] = [await account(), await account()];
    const [made] = await linksFor([ALICE]);
    await deleteEmailAccount(ada, { id: first });
    expect(await showLink(tokenOf(made?.link))).toMatchObject({ username: ALICE });
    const selection = { accounts: "selected" as const, emailAccountIds: [last] };
    await deleteAccounts(ada, { selection });
    await expect(showLink(tokenOf(made?.link))).rejects.toMatchObject({ code: "not_found" });
    await expectVoid();
  });

  test("once a new link was sent, which takes its place", async () => {
    const [made] = await linksFor([ALICE]);
    const again = await sendSignInLinkAgain(ada, { id: made?.id ?? "" });
    expect(again).toMatchObject({ mail: "waiting" });
    await expectVoid();
    expect((await letters()).map(({ state }) => state)).toEqual(["void", "sent"]);
    await expect(showLink(tokenOf(made?.link))).rejects.toMatchObject({ code: "not_found" });
  });
});

test("many letters are made as fast as few, and sent at a pace that all keepers share", async () => {
  const names = Array.from({ length: 300 }, (_, index) => `u${index}@contoso.test`);
  const few = await statementsOf(() => linksFor(["first@contoso.test"]));
  await db().letter.deleteMany();
  const many = await statementsOf(() => linksFor(names));
  expect(many).toHaveLength(few.length);
  expect(await letters()).toHaveLength(300);
  const sent = () => db().letter.count({ where: { state: "sent" } });
  const pace = `${LETTER_PACE_MS} ms`;
  for (const count of [1, 2]) {
    await Promise.all([sendNextLetter(), sendNextLetter(), sendNextLetter()]);
    await sendNextLetter();
    expect(await sent()).toBe(count);
    await db().$executeRaw`UPDATE "Letter" SET "attemptedAt" = now() - ${pace}::interval`;
  }
});

test("settings are not written over those that someone else saved meanwhile", async () => {
  await setLinks({ reminds: true });
  const late = saveLinkSettings(ada, { ...LINKS_OFF, unsignedDays: 3, was: LINKS_OFF });
  await expect(late).rejects.toMatchObject({ code: "stale" });
  expect(await findLinkMail(ada)).toMatchObject({ settings: { reminds: true } });
});

describe("a reminder", () => {
  const remind = (hours = 24) => setLinks({ reminds: true, remindHoursBefore: hours });

  test("brings the same link once, so long before its end", async () => {
    await remind(24);
    const [made] = await linksFor([ALICE]);
    await sendNext();
    await sendNext();
    const { remindsAt = null } = (await mailOf(ALICE)) ?? {};
    const beforeMs = (made?.expiresAt.getTime() ?? 0) - (remindsAt?.getTime() ?? 0);
    expect(beforeMs).toBe(24 * 3_600_000);
    await remindOfSignInLink(ada, { id: made?.id ?? "" });
    await sendNext();
    expect(await mailOf(ALICE)).toMatchObject({ remindsAt: null, remindedAt: expect.any(Date) });
    expect(await showLink(tokenOf(made?.link))).toMatchObject({ username: ALICE });
    const again = remindOfSignInLink(ada, { id: made?.id ?? "" });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    expect((await letters()).every(({ textSealed }) => textSealed === null)).toBe(true);
  });

  test.each([
    ["reminders are switched off", () => setLinks()],
    ["its owner signed in", () => signIn(ada, provider, ALICE)],
    [
      "the first mail never arrived",
      () => db().letter.updateMany({ where: { kind: "sign_in_link" }, data: { state: "failed" } }),
    ],
  ])("is dropped when %s", async (_, happens) => {
    await remind();
    await linksFor([ALICE]);
    await sendNext();
    await happens();
    await sendNext();
    const [reminder] = (await letters()).filter(({ kind }) => kind === "reminder");
    expect(reminder).toMatchObject({ state: "void", textSealed: null, sentAt: null });
  });
});
