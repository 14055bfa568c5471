import { beforeEach, describe, expect, test } from "vitest";
import { authenticateDevice } from "@/lib/devices/authenticate";
import { revokeDevice, updateDevice } from "@/lib/devices/mutations";
import { findStanding } from "@/lib/devices/store";
import { changeAccounts } from "@/lib/email-accounts/bulk/mutations";
import { createEmailAccount, updateEmailAccount } from "@/lib/email-accounts/mutations";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import { sendNextLetter } from "@/lib/keeper/loops";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { deleteOldLetters } from "@/lib/letters/mutations";
import { hasLetterChannel } from "@/lib/letters/queries";
import { saveMove, undoMove } from "@/lib/migration/mutations";
import { inviteAdministrator } from "@/lib/people/administrators/mutations";
import { mailInvitation } from "@/lib/people/links/mutations";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator, person, program } from "@/lib/testing/actors";
import { whileLocked } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, hostsAt, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel, deleteAlertChannel, updateAlertChannel } from "../alerts/mutations";
import { findAlertChannel } from "../alerts/queries";
import { createAlertChannelSchema, updateAlertChannelSchema } from "../alerts/schema";

const sandbox = withInstallation();
const ada = administrator();
const oskar = person("operator", "Oskar");
const motion = program("accounts:write", "accounts:read");
const hosts = hostsAt();
const evil = { ...hosts, smtp: { ...hosts.smtp, host: "smtp.evil.test" } };
const SENDER = "sender@contoso.test";
const custom = {
  service: "custom",
  modernAuthentication: false,
  hosts,
  password: "p",
  username: SENDER,
  emailAddress: SENDER,
};

beforeEach(async () => {
  await db()
    .$executeRaw`TRUNCATE "AlertChannel", "Letter", "Device", "EmailAccount", "MailboxWithLinks", "MailboxName" CASCADE`;
});

const form = (emailAccountId: string) => ({
  name: "Mail",
  kind: "email_account",
  recipients: "ops@contoso.test",
  sendsLinks: true,
  emailAccountId,
});
const choose = (emailAccountId: string) =>
  createAlertChannel(ada, createAlertChannelSchema.parse(form(emailAccountId)));
const createAccount = async (changes: Record<string, unknown>) =>
  (await createEmailAccount(ada, accountForm(changes))).id;

/** A channel that sends links through an account of this kind. */
async function sender(changes: Record<string, unknown> = custom) {
  const id = await createAccount(changes);
  const channel = (await choose(id)).id;
  const edit = async (by: Actor, wanted: object = {}) => {
    const { version, key } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
    const whole = { ...accountForm({ ...changes, key }), id, version, ...wanted };
    await updateEmailAccount(by, updateEmailAccountSchema.parse(whole));
  };
  return { id, channel, edit };
}

const stands = async (id: string) => {
  const { sendsLinks, linksStoppedAt } = (await findAlertChannel(ada, id)) ?? {};
  return { sendsLinks, isStopped: linksStoppedAt !== null };
};
const STOPPED = { sendsLinks: false, isStopped: true };
const SENDING = { sendsLinks: true, isStopped: false };
const provider = async () => (await createCloudProvider(ada, providerForm(sandbox()))).id;
const modern = async (changes: object = {}) => ({
  username: SENDER,
  emailAddress: SENDER,
  cloudProviderId: await provider(),
  ...changes,
});

const accountOf = async (name: string) =>
  createAccount(await modern({ username: name, emailAddress: name }));

describe("a channel stops sending links when its account", () => {
  test.each([
    ["has other servers", { hosts: evil, password: "x" }],
    ["signs in under another name", { username: "evil@contoso.test", password: "x" }],
    ["has another address", { emailAddress: "evil@contoso.test" }],
  ])("%s, whoever changes it", async (_, changes) => {
    for (const by of [oskar, motion, ada]) {
      const { channel, edit } = await sender();
      await edit(by, { name: "Renamed", description: "x", password: "another" });
      expect(await stands(channel)).toEqual(SENDING);
      await edit(by, changes);
      expect(await stands(channel)).toEqual(STOPPED);
      expect(await hasLetterChannel()).toBe(false);
      await db().$executeRaw`TRUNCATE "AlertChannel", "EmailAccount" CASCADE`;
    }
  });

  test("opens another mailbox as the same delegate", async () => {
    const { channel, edit } = await sender(await modern());
    await edit(oskar, { mailbox: "evil@contoso.test" });
    expect(await stands(channel)).toEqual(STOPPED);
  });

  test("gets another provider with many others", async () => {
    const { id, channel } = await sender(await modern());
    const change = { set: "cloudProviderId" as const, to: await provider() };
    const selection = { accounts: "selected" as const, emailAccountIds: [id] };
    await changeAccounts(oskar, { change, selection });
    expect(await stands(channel)).toEqual(STOPPED);
  });

  test("is moved to a provider, and when the move is undone", async () => {
    const { id, channel } = await sender();
    const moved = { emailAccountId: id, cloudProviderId: await provider(), username: SENDER };
    await saveMove(oskar, { ...moved, name: "Support", version: 1, formerUsername: SENDER });
    expect(await stands(channel)).toEqual(STOPPED);
    await chooseAgain(channel, id);
    expect(await stands(channel)).toEqual(SENDING);
    await undoMove(oskar, { emailAccountId: id });
    expect(await stands(channel)).toEqual(STOPPED);
  });

  test.each([
    ["hosts", { smtp: evil.smtp }],
    ["tenantId", "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10"],
  ])("is at a provider that gets other %s", async (column, value) => {
    const account = await modern();
    const { channel } = await sender(account);
    await db().cloudProvider.updateMany({
      where: { id: account.cloudProviderId },
      data: { [column]: value },
    });
    expect(await stands(channel)).toEqual(STOPPED);
  });
});

async function chooseAgain(channel: string, emailAccountId: string): Promise<void> {
  const { version = 0 } = (await findAlertChannel(ada, channel)) ?? {};
  const again = { ...form(emailAccountId), id: channel, version };
  await updateAlertChannel(ada, updateAlertChannelSchema.parse(again));
}

describe("a channel that was stopped", () => {
  test("is not chosen again by an edit that was begun before", async () => {
    const { id, channel, edit } = await sender();
    await edit(oskar, { hosts: evil, password: "x" });
    const before = { ...form(id), id: channel, version: 1, name: "Renamed" };
    const late = updateAlertChannel(ada, updateAlertChannelSchema.parse(before));
    await expect(late).rejects.toMatchObject({ code: "stale" });
    expect(await stands(channel)).toEqual(STOPPED);
    await chooseAgain(channel, id);
    expect(await stands(channel)).toEqual(SENDING);
  });

  test("sends nothing of what waits", async () => {
    const { edit } = await sender();
    await invite("jo@contoso.test");
    await edit(oskar, { hosts: evil, password: "x" });
    await sendNextLetter();
    expect(await db().letter.findMany()).toMatchObject([{ state: "waiting", attempts: 0 }]);
  });
});

test("a channel that sends links is deleted by people alone, who proved who they are", async () => {
  const { channel } = await sender();
  for (const [actor, code] of [
    [{ ...ada, isProvenLately: false }, "proof_required"],
    [program("alerts:write"), "access_denied"],
  ] as const)
    await expect(deleteAlertChannel(actor, { id: channel })).rejects.toMatchObject({ code });
  await deleteAlertChannel(ada, { id: channel });
  expect(await db().alertChannel.count()).toBe(0);
});

test("an account that is changed while a letter is being sent gets no link", async () => {
  const { id } = await sender();
  await invite("jo@contoso.test");
  await whileLocked("EmailAccount", sendNextLetter, (tx) =>
    tx.emailAccount.update({ where: { id }, data: { emailKey: "evil@contoso.test" } }),
  );
  const result = expect.stringContaining("no channel that sends links");
  expect(await db().letter.findMany()).toMatchObject([{ state: "waiting", attempts: 1, result }]);
});

const invite = async (address: string) => {
  const { link } = await inviteAdministrator(ada, { role: "administrator" });
  return mailInvitation(ada, { token: link.slice(link.indexOf("#") + 1), address });
};
const device = (emailAccountId: string, protocols: ("imap" | "pop3" | "smtp")[]) =>
  createDevice(ada, { name: "Reader", emailAccountId, protocols });
const refused = { fields: { protocols: [expect.stringContaining("choose SMTP alone")] } };

describe("what sends links is read through no device:", () => {
  test("neither through the account, nor through another one of the same mailbox", async () => {
    const { id } = await sender(await modern({ mailbox: "team@contoso.test" }));
    const others = [
      await modern({ mailbox: "else@contoso.test" }),
      await modern({ username: ALICE, mailbox: "Team@Contoso.Test" }),
      await modern({ username: ALICE, emailAddress: "TEAM@contoso.test" }),
    ];
    const ids = await Promise.all(others.map(createAccount));
    for (const account of [id, ...ids])
      await expect(device(account, ["smtp", "imap"])).rejects.toMatchObject(refused);
    await expect(device(await accountOf(BOB), ["imap"])).resolves.toBeDefined();
    const made = await device(id, ["smtp"]);
    const edit = { id: made.id, version: 1, name: "Reader", emailAccountId: id, senders: [] };
    const rest = { networks: [], messagesPerMinute: null, expiresOn: null, rewriteFrom: false };
    const reads = updateDevice(oskar, { ...edit, ...rest, protocols: ["pop3"] });
    await expect(reads).rejects.toMatchObject(refused);
  });

  test("a mailbox that a device reads is not chosen", async () => {
    const id = await createAccount(custom);
    const { id: reader } = await device(id, ["imap"]);
    const taken = { fields: { sendsLinks: [expect.stringContaining("“Reader” reads")] } };
    await expect(choose(id)).rejects.toMatchObject(taken);
    expect(await db().mailboxWithLinks.count()).toBe(0);
    await revokeDevice(ada, { id: reader });
    await expect(choose(id)).resolves.toBeDefined();
  });

  test("an account that opens the mailbox later lets its device send alone, under any name", async () => {
    const other = await accountOf(BOB);
    const { id, password } = await device(other, ["smtp", "imap"]);
    await sender();
    await db().emailAccount.update({ where: { id: other }, data: { mailbox: SENDER } });
    const login = { user: BOB, password, address: "192.0.2.7" };
    const outcomes = await Promise.all(
      (["imap", "smtp"] as const).map((protocol) => authenticateDevice({ ...login, protocol })),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["protocol_refused", "ok"]);
    expect((await findStanding([id])).get(id)?.protocols).toEqual(["smtp"]);
  });

  test("not by having the channel stop either, until what was sent has expired", async () => {
    const { id, edit } = await sender();
    await edit(oskar, { username: "other@contoso.test", password: "x" });
    const same = await createAccount({ ...custom, name: "Same", emailAddress: BOB });
    for (const account of [id, same])
      await expect(device(account, ["imap"])).rejects.toMatchObject(refused);
    await db().$executeRaw`UPDATE "MailboxWithLinks" SET until = now() - interval '1 s'`;
    await expect(device(same, ["imap"])).resolves.toBeDefined();
    await deleteOldLetters();
    expect(await db().mailboxWithLinks.count()).toBe(0);
  });
});

describe("an invitation", () => {
  test("is not mailed to a mailbox that a device reads, however its name is written", async () => {
    await sender();
    for (const name of [BOB, "bobby@googlemail.com"]) await device(await accountOf(name), ["imap"]);
    const message = expect.stringContaining("“Reader” reads this mailbox");
    const plain = ["Bob@contoso.test", "bob+x@contoso.test"];
    for (const address of [...plain, "bob.by@gmail.com", "b.obby+x@googlemail.com"])
      await expect(invite(address)).rejects.toMatchObject({ code: "conflict", message });
    expect(await db().letter.count()).toBe(0);
    await expect(invite("bo.bby@contoso.test")).resolves.toBeDefined();
  });

  /** An account of the boss's mailbox, and its edit by an operator who knows no password of it. */
  async function bosss(names: object) {
    const id = await createAccount({ ...custom, ...names });
    const rename = async (emailAddress: string) => {
      const { version, key } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
      const whole = { ...accountForm({ ...custom, ...names, key, emailAddress }) };
      await updateEmailAccount(
        oskar,
        updateEmailAccountSchema.parse({ ...whole, password: "", id, version }),
      );
    };
    return { id, rename };
  }
  const BOSS = "boss@contoso.test";

  test("closes the mailbox under every name that its account has or ever had", async () => {
    await sender();
    const login = { username: "u4711", emailAddress: BOSS };
    const { id, rename } = await bosss(login);
    await invite("Boss+1@contoso.test");
    await rename("team@contoso.test");
    await expect(device(id, ["imap"])).rejects.toMatchObject(refused);
    await db().mailboxWithLinks.deleteMany();
    await rename("team2@contoso.test");
    await db().emailAccount.delete({ where: { id } });
    const again = await createAccount({ ...custom, ...login, emailAddress: "else@contoso.test" });
    // What another account of the same delegate is called says nothing about this one.
    const shared = await modern({ username: ALICE, emailAddress: "one@contoso.test" });
    const other = await createAccount({ ...shared, emailAddress: "two@contoso.test" });
    await db().emailAccount.update({
      where: { id: await createAccount(shared) },
      data: { emailKey: BOSS },
    });
    await invite(BOSS);
    await expect(device(again, ["imap"])).rejects.toMatchObject(refused);
    await expect(device(other, ["imap"])).resolves.toBeDefined();
    // Of a login name without a domain the address says nothing.
    const bare = await bosss({ username: "CONTOSO\\boss", emailAddress: "x@contoso.test" });
    await expect(device(bare.id, ["imap"])).rejects.toMatchObject(refused);
    await db().mailboxWithLinks.deleteMany();
    await device(bare.id, ["imap"]);
    await expect(invite(BOSS)).rejects.toMatchObject({ code: "conflict" });
  });

  test("closes the mailbox to devices until it has expired", async () => {
    await sender();
    const account = await accountOf(BOB);
    await invite("bob+invited@contoso.test");
    await expect(device(account, ["pop3"])).rejects.toMatchObject(refused);
    await db().mailboxWithLinks.updateMany({ data: { until: new Date(Date.now() - 1_000) } });
    await expect(device(account, ["pop3"])).resolves.toBeDefined();
  });
});
