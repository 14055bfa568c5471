import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { EMPTY_CHANNEL } from "@/lib/testing/alert-channel";
import { withDatabase } from "@/lib/testing/database";
import { openAddress, openSecret } from "./channels/store";
import {
  createAlertChannel,
  deleteAlertChannel,
  renewSigningSecret,
  updateAlertChannel,
} from "./mutations";
import { findAlertChannel, listAlertChannels } from "./queries";
import { createAlertChannelSchema, targetSchema, updateAlertChannelSchema } from "./schema";

withDatabase();
const ada = administrator();

beforeEach(() => db().$executeRaw`TRUNCATE "AlertChannel" CASCADE`);

const hook = { ...EMPTY_CHANNEL, url: "https://hooks.example.com/x" };
const relay = {
  ...EMPTY_CHANNEL,
  name: "Relay",
  kind: "smtp",
  recipients: "ops@contoso.com",
  smtp: { host: "smtp.contoso.com", port: 587, tls: "starttls" },
  from: "postkey@contoso.com",
  user: "postkey",
  password: "correct horse",
};
const create = (input: object) => createAlertChannel(ada, createAlertChannelSchema.parse(input));
const update = (input: object) => updateAlertChannel(ada, updateAlertChannelSchema.parse(input));

async function stored(id: string) {
  const row = await db().alertChannel.findUniqueOrThrow({ where: { id } });
  const target = targetSchema.parse(row.target);
  const { secretSealed: sealed } = row;
  const opened = sealed && openSecret({ alertChannelId: id, target, secretSealed: sealed });
  return { target, sealed, opened };
}

test("the signing secret is shown once, and sealed", async () => {
  const { id, secret } = await create(hook);
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  const { sealed, opened } = await stored(id);
  expect(opened).toBe(secret);
  expect(sealed).not.toContain(secret);
  const shown = JSON.stringify([await findAlertChannel(ada, id), await listAlertChannels(ada)]);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(sealed);
  const { secret: renewed } = await renewSigningSecret(ada, { id });
  expect(renewed).not.toBe(secret);
  expect((await stored(id)).opened).toBe(renewed);
});

test("a password stays when none is typed, and never follows to another server", async () => {
  const { id } = await create(relay);
  const edit = { ...relay, id, password: "" };
  await update({ ...edit, version: 1, name: "Relay 2" });
  expect((await stored(id)).opened).toBe("correct horse");
  const password = ["Another server or user needs its own password: enter it again."];
  const refused = { fields: { password } };
  for (const change of [
    { smtp: { ...relay.smtp, host: "evil.test" } },
    { smtp: { ...relay.smtp, port: 465 } },
    { user: "other" },
  ])
    await expect(update({ ...edit, version: 2, ...change })).rejects.toMatchObject(refused);
  await update({ ...edit, version: 2, password: "battery staple" });
  await update({ ...edit, version: 3, user: "" });
  expect((await stored(id)).sealed).toBeNull();
  await deleteAlertChannel(ada, { id });
  // Every change is in the audit trail, without a secret.
  const where = { where: { objectId: id } };
  const events = await db().auditEvent.findMany({ ...where, orderBy: { id: "asc" } });
  const done = ["create", "update", "update", "update", "delete"];
  expect(events.map(({ action }) => action)).toEqual(done.map((each) => `alert_channel.${each}`));
  expect(JSON.stringify(events.map(({ detail }) => detail))).not.toMatch(/horse|staple/);
});

describe("the address of a webhook", () => {
  const url = "https://hooks.example.com:8443/services/canary?key=canary";
  const origin = "https://hooks.example.com:8443";
  const row = (id: string) => db().alertChannel.findUniqueOrThrow({ where: { id } });
  const opened = async (id: string, from = origin) =>
    openAddress({ alertChannelId: id, ...(await row(id)) }, from);

  test("is sealed, and only its origin is shown", async () => {
    const { id } = await create({ ...hook, url });
    expect(await opened(id)).toBe(url);
    const shown = [await findAlertChannel(ada, id), await listAlertChannels(ada)];
    expect(shown).toMatchObject([
      { target: { kind: "webhook", origin }, targetText: `${origin}/…` },
      { rows: [{ targetText: `${origin}/…` }] },
    ]);
    expect(JSON.stringify([shown, await row(id)])).not.toContain("canary");
  });

  test("stays when none is typed, and is replaced by the one that is", async () => {
    const { id } = await create({ ...hook, url });
    const sealed = (await row(id)).addressSealed;
    await update({ ...hook, id, version: 1, name: "Renamed", url: "" });
    expect(await row(id)).toMatchObject({ name: "Renamed", addressSealed: sealed });
    expect(await opened(id)).toBe(url);
    await update({ ...hook, id, version: 2, url: "https://other.example.com/canary" });
    expect(await opened(id, "https://other.example.com")).toBe("https://other.example.com/canary");
    const late = update({ ...hook, id, version: 2, url });
    await expect(late).rejects.toThrow("Ada changed Name and Target in the meantime.");
    const events = await db().auditEvent.findMany({ where: { objectId: id } });
    expect(events.map(({ detail }) => JSON.stringify(detail)).join()).not.toContain("canary");
  });

  test("has to be typed again when the stored one does not open", async () => {
    const { id } = await create({ ...hook, url });
    const target = { kind: "webhook", origin: "https://evil.example" };
    await db().alertChannel.update({ where: { id }, data: { target } });
    const before = await row(id);
    const fields = { url: ["The stored address cannot be used. Enter the address again."] };
    const untyped = update({ ...hook, id, version: 1, url: "" });
    await expect(untyped).rejects.toMatchObject({ fields });
    expect(await row(id)).toEqual(before);
    await update({ ...hook, id, version: 1, url });
    expect(await opened(id)).toBe(url);
  });
});

describe("a target that must not be called is refused at its field", () => {
  test("a webhook inside the network, however it is written", async () => {
    const hosts = ["localhost", "a.localhost", "127.0.0.1", "0x7f.1", "2130706433", "10.0.0.1"];
    const odd = ["①②⑦.⓪.⓪.①", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fd00::1]"];
    const urls = [...hosts, ...odd, "169.254.169.254"].map((host) => `https://${host}/x`);
    const fields = { url: [expect.any(String)] };
    for (const url of [...urls, "http://hooks.example.com"])
      await expect(create({ ...hook, url }), url).rejects.toMatchObject({ fields });
    expect(await db().alertChannel.count()).toBe(0);
  });

  test("a mail server inside the network", async () => {
    const inside = { ...relay, smtp: { ...relay.smtp, host: "10.0.0.1", port: 22 } };
    const fields = { "smtp.host": [expect.any(String)], "smtp.port": [expect.any(String)] };
    await expect(create(inside)).rejects.toMatchObject({ fields });
  });
});

test("a name in use and an account that is gone are told at their fields", async () => {
  await create(hook);
  const taken = { code: "conflict", fields: { name: [expect.any(String)] } };
  await expect(create({ ...hook, name: "ＯＰＳ" })).rejects.toMatchObject(taken);
  const emailAccountId = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
  const gone = { ...relay, name: "Gone", kind: "email_account", emailAccountId };
  const fields = { emailAccountId: [expect.any(String)] };
  await expect(create(gone)).rejects.toMatchObject({ fields });
});

describe("the channel that sends links to people", () => {
  const sender = { ...relay, name: "Sender", sendsLinks: true };
  const stale = { ...ada, isProvenLately: false };
  const key = program("alerts:write");

  test.each([
    ["an open browser", stale, "proof_required"],
    ["a program", key, "access_denied"],
  ])("is not chosen, and leads nowhere else, because %s says so", async (_who, actor, code) => {
    const input = createAlertChannelSchema.parse(sender);
    await expect(createAlertChannel(actor, input)).rejects.toMatchObject({ code });
    expect(await db().alertChannel.count()).toBe(0);
    const { id } = await create(sender);
    const elsewhere = { host: "smtp.evil.test", port: 587, tls: "starttls" };
    const edit = { ...sender, id, version: 1, smtp: elsewhere };
    for (const sendsLinks of [true, false]) {
      const changed = updateAlertChannelSchema.parse({ ...edit, sendsLinks });
      await expect(updateAlertChannel(actor, changed)).rejects.toMatchObject({ code });
    }
    expect((await stored(id)).target).toMatchObject({ smtp: { host: "smtp.contoso.com" } });
  });
});
