import { beforeEach, describe, expect, test } from "vitest";
import { inviteAdministrator } from "@/lib/access/administrators/mutations";
import { createDevice, updateDevice } from "@/lib/access/devices/mutations";
import { findEditedDevice } from "@/lib/access/devices/queries";
import { mailInvitation } from "@/lib/access/letters/mutations";
import { changeAccounts } from "@/lib/email-accounts/bulk/mutations";
import {
  createEmailAccount,
  deleteEmailAccount,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import { findEditedAccount } from "@/lib/email-accounts/queries";
import { sendNextLetter } from "@/lib/keeper/letters";
import { db } from "@/lib/kernel/db";
import { hasLetterChannel } from "@/lib/letters/queries";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator, person, program } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel, updateAlertChannel } from "../alerts/mutations";
import { findAlertChannel, findEditedAlertChannel } from "../alerts/queries";
import { createAlertChannelSchema } from "../alerts/schema";
import { findLetterChannel, requireLetterChannel } from "./store";

const sandbox = withInstallation();
const ada = administrator();
const operator = person("operator", "Olga");
const SENDER = "postkey@contoso.test";
let emailAccountId: string;
let channelId: string;

const endpoint = { host: "mail.contoso.test", port: 993, tls: "implicit" as const };
const hosts = {
  imap: endpoint,
  smtp: { ...endpoint, port: 465 },
  pop3: { ...endpoint, port: 995 },
};
const form = (changes: Record<string, unknown> = {}) =>
  accountForm({
    ...{ service: "custom", modernAuthentication: false, password: "p", hosts },
    ...{ emailAddress: SENDER, username: SENDER },
    ...changes,
  });
const channelForm = () =>
  createAlertChannelSchema.parse({
    ...{ name: "Sender", kind: "email_account", sendsLinks: true, emailAccountId },
    recipients: [SENDER],
  });

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "AlertChannel", "Letter", "SetupLink", "EmailAccount" CASCADE`;
  ({ id: emailAccountId } = await createEmailAccount(ada, form()));
  ({ id: channelId } = await createAlertChannel(ada, channelForm()));
});

async function edit(changes: Record<string, unknown>): Promise<void> {
  const seen = await findEditedAccount(ada, emailAccountId);
  if (!seen) throw new Error("The account is gone.");
  const { key } = seen;
  await updateEmailAccount(operator, {
    ...form({ key, ...changes }),
    id: emailAccountId,
    version: seen.version,
  });
}

async function invite(address: string) {
  const { link } = await inviteAdministrator(ada, { role: "administrator" });
  return mailInvitation(ada, { token: link.slice(link.indexOf("#") + 1), address });
}

const states = async () => (await db().letter.findMany()).map(({ state }) => state);

describe("links go no more through an account that somebody changed", () => {
  test.each<[string, Record<string, unknown>]>([
    ["the server", { hosts: { ...hosts, smtp: { ...hosts.smtp, host: "smtp.evil.test" } } }],
    ["the name that signs in", { username: "olga@contoso.test" }],
    ["the sender, who gets what comes back", { emailAddress: "olga@contoso.test" }],
    ["the service", { service: "outlook365", hosts: null }],
  ])("in %s", async (_what, changes) => {
    await edit(changes);
    expect(await hasLetterChannel()).toBe(false);
    expect(await findAlertChannel(ada, channelId)).toMatchObject({
      sendsLinks: false,
      enabled: true,
      linksStoppedAt: expect.any(Date),
    });
    await expect(invite("eve@elsewhere.test")).rejects.toMatchObject({ code: "conflict" });
  });

  test("or deleted, or moved with many others", async () => {
    await deleteEmailAccount(ada, { id: emailAccountId });
    expect(await hasLetterChannel()).toBe(false);
    const at = async () => (await createCloudProvider(ada, providerForm(sandbox()))).id;
    const modern = { service: "outlook365", modernAuthentication: true, password: "", hosts: null };
    const moved = { ...modern, cloudProviderId: await at() };
    ({ id: emailAccountId } = await createEmailAccount(ada, form(moved)));
    await db().alertChannel.deleteMany();
    await createAlertChannel(ada, channelForm());
    expect(await hasLetterChannel()).toBe(true);
    const selection = { accounts: "selected" as const, emailAccountIds: [emailAccountId] };
    const change = { set: "cloudProviderId", to: await at() } as const;
    expect(await changeAccounts(operator, { selection, change })).toMatchObject({ changed: 1 });
    expect(await hasLetterChannel()).toBe(false);
  });

  test("not even those that wait already", async () => {
    await invite("eve@elsewhere.test");
    const before = (await findLetterChannel()).alertChannelId;
    await edit({ hosts: { ...hosts, smtp: { ...hosts.smtp, host: "smtp.evil.test" } } });
    await sendNextLetter();
    expect(await states()).toEqual(["waiting"]);
    await expect(requireLetterChannel(before)).rejects.toMatchObject({ code: "conflict" });
  });

  test("but do after everything else that is changed", async () => {
    await edit({ name: "Renamed", description: "x", testSchedule: "daily" });
    expect(await hasLetterChannel()).toBe(true);
  });

  test("until an administrator who proved it chooses it again", async () => {
    await edit({ username: "olga@contoso.test" });
    const seen = await findEditedAlertChannel(ada, channelId);
    if (!seen) throw new Error("The channel is gone.");
    const { kind: _kind, ...fields } = seen;
    const again = { ...channelForm(), ...fields, id: channelId, sendsLinks: true };
    const stale = { ...ada, isProvenLately: false };
    await expect(updateAlertChannel(stale, again)).rejects.toMatchObject({
      code: "proof_required",
    });
    await updateAlertChannel(ada, again);
    expect(await hasLetterChannel()).toBe(true);
    expect(await findAlertChannel(ada, channelId)).toMatchObject({ linksStoppedAt: null });
  });
});

describe("who may read the mail of the account that sends links", () => {
  const device = (protocols: ("smtp" | "imap" | "pop3")[]) => ({
    ...{ name: "Scanner", emailAccountId, protocols },
  });

  test.each([
    ["an operator", operator],
    ["a program", program("devices:write", "alerts:write")],
  ])("gives no device of %s access to it", async (_who, actor) => {
    const refused = { code: "access_denied", message: expect.stringContaining("administrator") };
    await expect(createDevice(actor, device(["imap"]))).rejects.toMatchObject(refused);
    const { id } = await createDevice(actor, device(["smtp"]));
    const seen = await findEditedDevice(ada, id);
    if (!seen) throw new Error("The device is gone.");
    await expect(
      updateDevice(actor, { ...seen, id, protocols: ["smtp", "pop3"] }),
    ).rejects.toMatchObject(refused);
    await expect(createDevice(ada, device(["imap"]))).resolves.toMatchObject({
      id: expect.any(String),
    });
  });

  test("is asked before it is chosen", async () => {
    await db().alertChannel.deleteMany();
    await createDevice(operator, device(["imap", "smtp"]));
    await expect(createAlertChannel(ada, channelForm())).rejects.toMatchObject({
      fields: { emailAccountId: [expect.stringContaining("Scanner")] },
    });
  });
});

test("no invitation goes to a mailbox that operators can open here", async () => {
  await createEmailAccount(
    ada,
    form({ emailAddress: "eve@contoso.test", username: "shared@contoso.test" }),
  );
  for (const address of ["eve@contoso.test", "SHARED@contoso.test"])
    await expect(invite(address)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Copy the link"),
    });
  expect(await states()).toEqual([]);
  await invite("eve@elsewhere.test");
  expect(await states()).toEqual(["waiting"]);
});
