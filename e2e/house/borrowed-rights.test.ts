import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { insertDevices } from "@/lib/devices/import/store";
import { pauseDevice, rotateDevice, updateDevice } from "@/lib/devices/mutations";
import { createDeviceSchema } from "@/lib/devices/schema";
import { changeAccounts } from "@/lib/email-accounts/bulk/mutations";
import { insertAccounts } from "@/lib/email-accounts/import/store";
import {
  createEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { words } from "@/lib/kernel/words";
import { saveMove, undoMove } from "@/lib/migration/mutations";
import { generateProviderCertificate } from "@/lib/registrations/change-credential";
import { discardPendingCertificate } from "@/lib/registrations/credentials/mutations";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { removeAuthorization } from "@/lib/sign-ins/mutations";
import { type ActorFunction, actorFunctions } from "@/lib/testing/actor-functions";
import { administrator, person, program } from "@/lib/testing/actors";
import { createApiKey, createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, providerEdit, providerForm } from "@/lib/testing/sign-in";

/* Nobody reaches a mailbox through a key or a device that they could not make, whatever they write. */
const sandbox = withInstallation();
const ada = administrator();
const oskar = person("operator", "Oskar");
const stale: Actor = { ...oskar, isProvenLately: false };
const motion = program("accounts:write", "accounts:read");
const BOSS = "boss@contoso.test";

type World = { id: string; paused: string; off: string; moved: string; elsewhere: string };
let world: World;

beforeEach(async () => {
  await db()
    .$executeRaw`TRUNCATE "ApiKey", "Device", "EmailAccount", "CloudProvider", "MailboxName" CASCADE`;
  const provider = async (name: string) =>
    (await createCloudProvider(ada, providerForm(sandbox(), { name }))).id;
  const cloudProviderId = await provider("Here");
  const account = async (key: string, changes = {}) =>
    (await createEmailAccount(ada, accountForm({ key, cloudProviderId, ...changes }))).id;
  const id = await account("T1");
  const off = await account("OFF", { active: false });
  const names = { username: BOSS, emailAddress: BOSS };
  const password = { modernAuthentication: false, password: "p", ...names };
  const moved = await account("MOVED", password);
  world = { id, off, moved, elsewhere: await provider("Elsewhere"), paused: "" };
  const reach = [{ accountIds: [id, off, moved] }, { accountKeyPrefix: "s-" }];
  for (const limits of reach)
    await createApiKey(ada, { name: "Motion", permissions: ["tokens:read"], ...limits });
  const device = { name: "Scanner", emailAccountId: id, protocols: ["smtp"] as ["smtp"] };
  const { id: paused } = await createDevice(ada, device);
  await pauseDevice(ada, { id: paused, paused: true });
  world.paused = paused;
});

const edit =
  (changes: object) =>
  async (by: Actor, { id }: World) => {
    const { version, cloudProviderId } = await db().emailAccount.findUniqueOrThrow({
      where: { id },
    });
    const form = accountForm({ key: "T1", cloudProviderId, ...changes });
    await updateEmailAccount(by, updateEmailAccountSchema.parse({ ...form, id, version }));
  };
const another = ({ elsewhere: cloudProviderId }: World) =>
  accountForm({ key: "S-1", username: BOSS, emailAddress: "new@contoso.test", cloudProviderId });
const moveOf = (
  { moved: emailAccountId, elsewhere: cloudProviderId }: World,
  username: string,
) => ({
  emailAccountId,
  cloudProviderId,
  username,
  name: "Support",
  version: 1,
  formerUsername: BOSS,
});
const device = (emailAccountId: string) =>
  createDeviceSchema.parse({ name: "New", emailAccountId, protocols: ["imap"] });

/** How each function that writes an account, a device or a key could be misused. */
const MISUSES: Record<string, ((by: Actor, world: World) => Promise<unknown>)[]> = {
  createEmailAccount: [(by, world) => createEmailAccount(by, another(world))],
  insertAccounts: [
    (by, world) => insertAccounts(by, randomUUID(), [{ id: randomUUID(), input: another(world) }]),
  ],
  updateEmailAccount: [
    edit({ username: BOSS }),
    edit({ mailbox: BOSS }),
    edit({ emailAddress: BOSS }),
    edit({ key: "S-1" }),
    (by, world) => edit({ cloudProviderId: world.elsewhere })(by, world),
  ],
  setEmailAccountActive: [(by, { off: id }) => setEmailAccountActive(by, { id, active: true })],
  changeAccounts: [
    (by, { id, elsewhere: to }) =>
      changeAccounts(by, {
        change: { set: "cloudProviderId", to },
        selection: { accounts: "selected", emailAccountIds: [id] },
      }),
  ],
  saveMove: [(by, world) => saveMove(by, moveOf(world, "another@contoso.test"))],
  undoMove: [
    async (by, world) => {
      await saveMove(ada, moveOf(world, "another@contoso.test")).catch(() => {});
      await undoMove(by, { emailAccountId: world.moved });
    },
  ],
  createApiKey: [(by) => createApiKey(by, { name: "K", permissions: ["tokens:read"] })],
  createDevice: [(by, { id }) => createDevice(by, device(id))],
  insertDevices: [(by, { id }) => insertDevices(by, [device(id)])],
  rotateDevice: [(by, { paused: id }) => rotateDevice(by, { id })],
  pauseDevice: [(by, { paused: id }) => pauseDevice(by, { id, paused: false })],
  updateDevice: [
    (by, { paused: id, off }) =>
      updateDevice(by, {
        ...device(off),
        id,
        version: 2,
        senders: [],
        networks: [],
        messagesPerMinute: null,
        expiresOn: null,
        rewriteFrom: false,
      }),
  ],
};

/** What only takes something away, or has the same mailbox send in another way. */
const TAKING = ["deleteEmailAccount", "revokeApiKey", "revokeDevice", "setSendsBy"];

const WRITES =
  /\b(?:emailAccount|device|apiKey)\.(?:create|update|upsert)|INTO "(?:EmailAccount|Device|ApiKey)"|UPDATE "(?:EmailAccount|Device|ApiKey)"|\b(?:save|change|insertDevice)\(tx/;

test("every function that writes an account, a device or a key is tried", () => {
  const writing = actorFunctions()
    .filter(
      ({ file, text }: ActorFunction) =>
        /lib\/(?:people|programs|devices|email-accounts|migration)\//.test(file) &&
        WRITES.test(text),
    )
    .map(({ name }) => name);
  expect(writing.filter((name) => !(name in MISUSES) && !TAKING.includes(name))).toEqual([]);
  expect(Object.keys(MISUSES).filter((name) => !writing.includes(name))).toEqual([]);
});

const ASKS_PERMISSION = words(
  "createEmailAccount insertAccounts updateEmailAccount changeAccounts saveMove undoMove createApiKey",
);

describe.each(Object.entries(MISUSES))("%s", (name, misuses) => {
  test("lends an operator no key, and nothing to a person who did not prove themselves", async () => {
    for (const misuse of misuses) {
      const by = ASKS_PERMISSION.some((each) => each === name) ? oskar : stale;
      const code = by === oskar ? "access_denied" : "proof_required";
      await expect(misuse(by, world)).rejects.toMatchObject({ code });
      await expect(misuse({ ...ada, isProvenLately: false }, world)).rejects.toMatchObject({
        code: "proof_required",
      });
    }
  });
});

test("a key for a shared mailbox is not turned to the delegate's own", async () => {
  await edit({ emailAddress: "sales@contoso.test" })(ada, world);
  const own = edit({ emailAddress: "sales@contoso.test", mailbox: "alice@contoso.test" });
  await expect(own(oskar, world)).rejects.toMatchObject({ code: "access_denied" });
});

test("no detour through a password or another grant lends what the direct way does not", async () => {
  await edit({ modernAuthentication: false, password: "p", cloudProviderId: null })(ada, world);
  await edit({
    modernAuthentication: false,
    password: "p",
    cloudProviderId: null,
    emailAddress: BOSS,
  })(ada, world);
  await expect(
    edit({ emailAddress: BOSS, cloudProviderId: world.elsewhere })(oskar, world),
  ).rejects.toMatchObject({
    code: "access_denied",
    message: expect.stringContaining("through “Support”"),
  });
  const { cloudProviderId = "" } =
    (await db().emailAccount.findUnique({ where: { id: world.off } })) ?? {};
  const grant = await providerEdit(ada, cloudProviderId ?? "", { grant: "device_code" });
  const registrar = program("providers:write");
  await expect(updateCloudProvider(registrar, grant)).rejects.toMatchObject({
    code: "access_denied",
  });
});

test("a program that changes accounts lends itself no device", async () => {
  await db().apiKey.deleteMany();
  await expect(edit({ username: BOSS })(motion, world)).rejects.toMatchObject({
    code: "access_denied",
    message: expect.stringContaining("devices:write"),
  });
});

test("an operator still renames, describes and moves an account that a key reaches", async () => {
  await edit({ name: "Renamed", description: "x" })(oskar, world);
  await saveMove(oskar, moveOf(world, BOSS));
  await edit({ username: BOSS })(ada, world);
});

const CERTIFICATE = (cloudProviderId: string) =>
  ({ cloudProviderId, bits: "2048", months: "12" }) as const;

/** What destroys a credential or a sign-in, and does not ask before it begins. */
const DESTROYING: Record<string, (by: Actor, provider: string) => Promise<unknown>> = {
  removeAuthorization: async (by, cloudProviderId) => {
    const { id } = await db().authorization.findFirstOrThrow({ where: { cloudProviderId } });
    return removeAuthorization(by, { authorizationId: id });
  },
  updateCloudProvider: async (by, id) =>
    updateCloudProvider(by, await providerEdit(ada, id, { grant: "device_code" })),
  discardPendingCertificate: async (by, cloudProviderId) => {
    await generateProviderCertificate(ada, CERTIFICATE(cloudProviderId));
    return discardPendingCertificate(by, { cloudProviderId });
  },
  generateProviderCertificate: async (by, cloudProviderId) => {
    await generateProviderCertificate(ada, CERTIFICATE(cloudProviderId));
    return generateProviderCertificate(by, CERTIFICATE(cloudProviderId));
  },
};

test.each(Object.entries(DESTROYING))("%s asks who is there", async (_name, destroy) => {
  const { cloudProviderId } = await connectedAccount(ada, sandbox());
  const before = await db().authorization.count();
  const late = destroy({ ...ada, isProvenLately: false }, cloudProviderId);
  await expect(late).rejects.toMatchObject({ code: "proof_required" });
  expect(await db().authorization.count()).toBe(before);
});
