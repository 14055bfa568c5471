import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { POSTKEY } from "@/lib/keeper/postkey";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { revokeSignInLinks } from "@/lib/sign-ins/links/bulk/mutations";
import { sendLapsedLinks } from "@/lib/sign-ins/links/letters/mutations";
import { MOST_LAPSED } from "@/lib/sign-ins/links/letters/schema";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { findLinkMail } from "@/lib/sign-ins/links/queries";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { setLinks } from "@/lib/testing/link-settings";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel } from "../alerts/mutations";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

const SENDS = { sendsLapsedLinks: true };

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "AlertChannel", "Letter", "EmailAccount" CASCADE`;
  await db().cloudProvider.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
  const smtp = { host: "smtp.contoso.com", port: 587, tls: "starttls" };
  const relay = { kind: "smtp", smtp, from: "postkey@contoso.com", recipients: "ops@contoso.test" };
  await createAlertChannel(ada, alertChannelForm({ ...relay, sendsLinks: true }));
  await setLinks(SENDS);
});

/** A sign-in that lapsed so long ago, for an active account. */
async function lapse(name: string, minutesAgo = 60): Promise<string> {
  const username = `${name}@contoso.test`;
  const form = { name, emailAddress: username, username };
  await createEmailAccount(ada, accountForm({ ...form, cloudProviderId }));
  const at = new Date(Date.now() - minutesAgo * 60_000);
  const sealed = { accessTokenSealed: "x", cacheSealed: "x", accessTokenExpiresAt: at };
  const state = { state: "sign_in_again", failingSince: at, failedAt: at, refreshDueAt: at };
  const who = { objectId: randomUUID(), tenantId: randomUUID(), homeAccountId: randomUUID() };
  await db().authorization.create({
    data: {
      ...who,
      cloudProviderId,
      username,
      displayName: name,
      scopes: [],
      signedInByName: "Ada",
      tokenSet: { create: { ...sealed, ...state } },
    },
  });
  return username;
}

/** As the next turn of a keeper, a minute later. */
async function turn(): Promise<number> {
  await db().$executeRaw`UPDATE "Installation" SET "lapsedLookedAt" = now() - interval '1 hour'`;
  return sendLapsedLinks(POSTKEY);
}
const sent = async () =>
  (await db().letter.findMany({ where: { kind: "lapsed" } })).map(({ recipient }) => recipient);

test("a sign-in that lapsed sends its person one link, told as Postkey's own doing, where that is switched on", async () => {
  const username = await lapse("zoe");
  await setLinks();
  expect(await turn()).toBe(0);
  await setLinks(SENDS);
  await db().$executeRaw`UPDATE "Installation" SET "lapsedLookedAt" = NULL`;
  const keepers = ["one", "two", "three"].map(() => sendLapsedLinks(POSTKEY));
  expect((await Promise.all(keepers)).sort()).toEqual([0, 0, 1]);
  expect(await turn()).toBe(0);
  expect(await sent()).toEqual([username]);
  const event = await db().auditEvent.findFirstOrThrow({ orderBy: { id: "desc" } });
  expect(event).toMatchObject({ action: "sign_in_link.create", actorKind: "job" });
});

test("whom a policy blocks is not asked to sign in again", async () => {
  await lapse("zoe");
  await db().tokenSet.updateMany({ data: { failureId: "AADSTS53003" } });
  expect(await turn()).toBe(0);
  await db().tokenSet.updateMany({ data: { failureId: "AADSTS50173" } });
  expect(await turn()).toBe(1);
});

test("a hiccup of minutes sends nothing, and neither does a sign-in that no account needs", async () => {
  await lapse("zoe", 5);
  await lapse("max");
  await db().emailAccount.updateMany({ where: { name: "max" }, data: { active: false } });
  expect(await turn()).toBe(0);
});

test("who has a link, or got one within 72 hours, gets no other", async () => {
  const username = await lapse("zoe");
  const input = { cloudProviderId, usernames: [username], send: true };
  const [{ id } = { id: "" }] = await createSignInLinks(ada, input);
  expect(await turn()).toBe(0);
  await revokeSignInLinks(ada, { selection: { links: "selected", signInLinkIds: [id] } });
  expect(await turn()).toBe(0);
  await db().$executeRaw`UPDATE "Letter" SET "createdAt" = now() - interval '73 hours'`;
  expect(await turn()).toBe(1);
});

test("no more than so many go out in a day", async () => {
  await setLinks({ ...SENDS, lapsedLinksPerDay: 2 });
  for (const name of ["a1", "a2", "a3"]) await lapse(name);
  expect(await turn()).toBe(2);
  expect(await turn()).toBe(0);
  await db().$executeRaw`UPDATE "Letter" SET "createdAt" = now() - interval '25 hours'`;
  expect(await turn()).toBe(1);
});

test("where many lapse at once nothing is sent, and the page says so", async () => {
  for (let index = 0; index <= MOST_LAPSED; index += 1) await lapse(`many${index}`);
  expect(await turn()).toBe(0);
  expect(await sent()).toEqual([]);
  expect(await findLinkMail(ada)).toMatchObject({ canMail: true, heldBack: MOST_LAPSED + 1 });
});
