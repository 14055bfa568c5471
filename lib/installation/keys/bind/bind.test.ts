import { beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { erasePerson } from "@/lib/contacts/privacy/mutations";
import { findPersonalData } from "@/lib/contacts/privacy/queries";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { createKeyring, newKey } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { generateProviderCertificate } from "@/lib/registrations/generate-certificate";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { openPending } from "@/lib/registrations/rotations/store";
import { setAutoRotate } from "@/lib/registrations/set-auto-rotate";
import { loadRegistration } from "@/lib/registrations/store";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { administrator, program } from "@/lib/testing/actors";
import { passwordInUse, pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { inAnotherProcess } from "@/lib/testing/database";
import { asBefore, sealAsBefore } from "@/lib/testing/earlier-version";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { openedAccessToken, openedCache, tokenRow } from "@/lib/testing/tokens";
import { openAddress, openSecret } from "@/lib/watch/alerts/channels/store";
import { createAlertChannel, updateAlertChannel } from "@/lib/watch/alerts/mutations";
import { findAlertChannel } from "@/lib/watch/alerts/queries";
import {
  createAlertChannelSchema,
  targetSchema,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";
import { renewCalendarAddress } from "@/lib/watch/calendar/mutations";
import { openCalendarToken } from "@/lib/watch/calendar/store";
import { countSealed, findSealedColumns } from "../queries";
import { findLock, isKeyRight } from "../store";
import { bindOnce } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "the password of a mailbox";
let connected: Awaited<ReturnType<typeof connectedAccount>>;
let custom: { id: string };
let relay: { id: string };
let hook: { id: string };
const ORIGIN = "https://hooks.contoso.com";
const ADDRESS = `${ORIGIN}/services/T0123/canary?key=canary`;

const endpoint = { host: "mail.contoso.invalid", port: 993, tls: "implicit" };

beforeAll(async () => {
  await isKeyRight();
  connected = await connectedAccount(ada, sandbox());
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  const form = { service: "custom", modernAuthentication: false, hosts, password: PASSWORD };
  custom = await createEmailAccount(ada, accountForm(form));
  const channel = {
    name: "Relay",
    kind: "smtp",
    enabled: true,
    recipients: "ops@contoso.com",
    url: "",
    emailAccountId: null,
    from: "postkey@contoso.com",
    user: "postkey",
    password: PASSWORD,
    smtp: { host: "smtp.contoso.com", port: 587, tls: "starttls" },
  };
  relay = await createAlertChannel(ada, createAlertChannelSchema.parse(channel));
  const webhook = {
    ...channel,
    name: "Hook",
    kind: "webhook",
    url: ADDRESS,
    recipients: "",
  };
  hook = await createAlertChannel(ada, createAlertChannelSchema.parse(webhook));
  await renewCalendarAddress(ada);
  await erasePerson(ada, { email: "jo@x.example", keepOut: true });
  const { cloudProviderId } = connected;
  await setAutoRotate(ada, { cloudProviderId, autoRotate: true });
  sandbox().faults.set("new_secret_late");
  await rotateNow(ada, { cloudProviderId, version: 1 });
  await generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" });
  const subject = { subject: "email_account", emailAccountId: connected.emailAccountId } as const;
  await beginAuthorization(ada, subject);
}, 60_000);

/** What a process that starts now would say: while all is well it is asked once. */
function lockOfAnother(): Promise<string | null> {
  const key = env().keyring.current.bytes.toString("base64");
  return inAnotherProcess({ POSTKEY_KEY: key }, findLock);
}

const hookRow = () => db().alertChannel.findUniqueOrThrow({ where: { id: hook.id } });

/** Every secret, as its own code opens it. */
async function everything() {
  const { cloudProviderId, emailAccountId } = connected;
  const channel = await db().alertChannel.findUniqueOrThrow({ where: { id: relay.id } });
  const rotation = await db().secretRotation.findUniqueOrThrow({ where: { cloudProviderId } });
  const { destination } = await loadRegistration(cloudProviderId);
  return {
    password: await passwordInUse(custom.id),
    clientSecret: await secretInUse(cloudProviderId),
    madeSecret: openPending(rotation, destination)?.clientSecret,
    certificate: (await pendingCertificate(cloudProviderId))?.privateKey,
    accessToken: await openedAccessToken(cloudProviderId),
    handedOut: (await getAccessToken(program("tokens:read"), emailAccountId, "hand_out"))
      .accessToken,
    cache: await openedCache(cloudProviderId),
    relay: openSecret({
      ...channel,
      alertChannelId: relay.id,
      target: targetSchema.parse(channel.target),
    }),
    hook: openAddress({ ...(await hookRow()), alertChannelId: hook.id }, ORIGIN),
    calendar: await openCalendarToken(),
    keptOut: (await findPersonalData(ada, { email: "jo@x.example" })).keptOutSince,
    trail: (await verifyAudit()).isIntact,
  };
}

describe("what an earlier version sealed", () => {
  test("opens as before after one start, whatever it is", async () => {
    const before = await everything();
    const begun = await db().authorizationRequest.count();
    const values = await sealAsBefore();
    await bindOnce();
    expect(await everything()).toEqual(before);
    const columns = await findSealedColumns();
    const { id } = env().keyring.current;
    for (const column of columns)
      expect(await countSealed(column, id)).toMatchObject({ others: 0 });
    const told = await db().auditEvent.findFirstOrThrow({ where: { action: "keys.bind" } });
    // The canary is no secret, and sign-ins that were under way are begun again.
    expect(told.detail).toEqual({ values: values - 1 - begun });
    expect(await db().authorizationRequest.count()).toBe(0);
  });

  test("opens no more afterwards: an old envelope that somebody brings back is refused", async () => {
    const { id } = custom;
    const where = { table: "EmailAccount", column: "passwordSealed" };
    const row = await db().emailAccount.findUniqueOrThrow({ where: { id } });
    const old = asBefore(where, id, row.passwordSealed ?? "");
    await db().emailAccount.update({ where: { id }, data: { passwordSealed: old } });
    await bindOnce();
    await expect(passwordInUse(id)).rejects.toMatchObject({ code: "locked" });
    await db().emailAccount.update({ where: { id }, data: { passwordSealed: row.passwordSealed } });
  });

  test("locks whoever runs without that start, and says what to do", async () => {
    const { cloudProviderId } = connected;
    const { sealed } = await db().keyCanary.findUniqueOrThrow({ where: { id: 1 } });
    const where = { table: "KeyCanary", column: "sealed" };
    await db().keyCanary.update({
      where: { id: 1 },
      data: { sealed: asBefore(where, "1", sealed) },
    });
    expect(await lockOfAnother()).toMatch(/Start Postkey again/);
    await bindOnce();
    expect(await lockOfAnother()).toBeNull();
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
  });

  test("stays as it is with another key", async () => {
    await sealAsBefore();
    const before = await db().emailAccount.findMany({ select: { passwordSealed: true } });
    const { keyring } = env();
    env().keyring = createKeyring([newKey()]);
    await bindOnce();
    expect(await db().emailAccount.findMany({ select: { passwordSealed: true } })).toEqual(before);
    expect((await hookRow()).target).toMatchObject({ url: ADDRESS });
    env().keyring = keyring;
    await bindOnce();
    expect(await passwordInUse(custom.id)).toBe(PASSWORD);
  });

  test("is bound by one of several that start together", async () => {
    await sealAsBefore();
    const before = await db().auditEvent.count({ where: { action: "keys.bind" } });
    await Promise.all([bindOnce(), bindOnce(), bindOnce()]);
    expect(await db().auditEvent.count({ where: { action: "keys.bind" } })).toBe(before + 1);
    expect(await passwordInUse(custom.id)).toBe(PASSWORD);
  });
});

describe("the address of a webhook that an earlier version kept in clear", () => {
  const sealings = () => db().auditEvent.count({ where: { action: "keys.seal_webhooks" } });
  const inClear = (url: string) =>
    db().alertChannel.update({
      where: { id: hook.id },
      data: { target: { kind: "webhook", url } },
    });

  test("is sealed by one of several that start together, and the trail says so", async () => {
    await sealAsBefore();
    expect(JSON.stringify(await hookRow())).toContain("canary");
    const before = await sealings();
    await Promise.all([bindOnce(), bindOnce(), bindOnce()]);
    const row = await hookRow();
    expect(row.target).toEqual({ kind: "webhook", origin: ORIGIN });
    expect(JSON.stringify(row)).not.toContain("canary");
    expect(openAddress({ ...row, alertChannelId: hook.id }, ORIGIN)).toBe(ADDRESS);
    expect(await sealings()).toBe(before + 1);
    await bindOnce();
    expect(await hookRow()).toEqual(row);
    expect(await sealings()).toBe(before + 1);
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
  });

  test("is not called, shown or overwritten by an older one, when an older process writes it meanwhile", async () => {
    const other = `${ORIGIN}/another/canary`;
    await inClear(other);
    const shown = await findAlertChannel(ada, hook.id);
    expect(JSON.stringify(shown)).not.toContain("canary");
    await expect(sendTestAlert(ada, hook)).rejects.toThrow(
      "The channel's address can't be decrypted",
    );
    const { name, enabled, version } = await hookRow();
    const kept = { id: hook.id, version, name, enabled, kind: "webhook", recipients: "" };
    const rest = { emailAccountId: null, smtp: null, from: "", user: "", password: "", url: "" };
    const edit = updateAlertChannelSchema.parse({ ...kept, ...rest });
    await expect(updateAlertChannel(ada, edit)).rejects.toMatchObject({
      fields: { url: ["The stored address cannot be used. Enter the address again."] },
    });
    await bindOnce();
    expect(openAddress({ ...(await hookRow()), alertChannelId: hook.id }, ORIGIN)).toBe(other);
  });
});
