import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { CreateCloudProvider } from "@/lib/registrations/schema";
import type { Greenhouse } from "@/lib/testing/orchid/greenhouse";

/*
 * All that a third service is: a folder (lib/testing/orchid), its two rows, and a variant of the form. What is
 * derived from the rows is loaded after them.
 */
vi.resetModules();
afterAll(() => {
  vi.resetModules();
});
const { PLATFORM_TABLE } = await import("@/lib/oauth/schema");
const { ORCHID } = await import("@/lib/testing/orchid/platform");
Object.assign(PLATFORM_TABLE, { orchid: ORCHID });
const { REGISTRY } = await import("@/lib/oauth/registry");
const { orchid } = await import("@/lib/testing/orchid/service");
Object.assign(REGISTRY, { orchid });
const { getAccessToken } = await import("@/lib/email-accounts/access-token");
const { accountHosts } = await import("@/lib/email-accounts/hosts");
const { findMailboxAccount } = await import("@/lib/email-accounts/mailbox/queries");
const { createEmailAccount } = await import("@/lib/email-accounts/mutations");
const { DAY_MS, fromNow } = await import("@/lib/kernel/clock");
const { db } = await import("@/lib/kernel/db");
const { createCloudProvider } = await import("@/lib/registrations/mutations");
const { findCloudProvider } = await import("@/lib/registrations/queries");
const { beginAuthorization } = await import("@/lib/sign-ins/begin");
const { findOutcome } = await import("@/lib/sign-ins/queries");
const { administrator, program } = await import("@/lib/testing/actors");
const { runTest } = await import("@/lib/testing/connection-test");
const { ORCHID_CLIENT, openGreenhouse } = await import("@/lib/testing/orchid/greenhouse");
const { orchidFormSchema } = await import("@/lib/testing/orchid/schema");
const { withInstallation } = await import("@/lib/testing/sandbox");
const { ALICE, accountForm, arrive, typedSecret } = await import("@/lib/testing/sign-in");
const { letExpire, refreshDue, tokenRow } = await import("@/lib/testing/tokens");
const { remindOfSecrets } = await import("@/lib/watch/alerts/secret-reminders");
const { listExpiries } = await import("@/lib/watch/calendar/queries");
const { expiryEffect, expiryStep } = await import("@/lib/watch/calendar/schema");
const { watchIncidents } = await import("@/lib/watch/incidents/watch");

const sandbox = withInstallation();
const ada = administrator();
// Ids that no type knows, because no table has them outside of this file.
const SERVICE = "orchid" as never;
const MAIL = "orchid_mail" as never;
let greenhouse: Greenhouse;

beforeAll(async () => {
  greenhouse = await openGreenhouse(sandbox());
});
afterAll(() => greenhouse.close());
beforeEach(async () => {
  greenhouse.isWithered = false;
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  await db().alert.deleteMany();
  await db().incident.deleteMany();
});

function form(changes: Record<string, unknown> = {}): CreateCloudProvider {
  const { clientId, clientSecret } = ORCHID_CLIENT;
  const typed = orchidFormSchema.parse({
    name: "Our Orchid",
    service: "orchid",
    type: "orchid_mail",
    cloud: "orchid",
    accountTypes: "tenant",
    grant: "delegated",
    clientId,
    tenantId: "",
    hosts: null,
    credential: typedSecret(clientSecret),
    ...changes,
  });
  // The union of the product's forms does not have this variant.
  return typed as unknown as CreateCloudProvider;
}

const register = async () => (await createCloudProvider(ada, form())).id;

const addAccount = async (changes: Record<string, unknown>) =>
  (await createEmailAccount(ada, accountForm({ service: MAIL, ...changes }))).id;

/** Through Orchid's door and back. */
async function signInAt(emailAccountId: string) {
  const url = await beginAuthorization(ada, { subject: "email_account", emailAccountId });
  const parameters = new URLSearchParams({
    code: "bud",
    state: url.searchParams.get("state") ?? "",
  });
  const { authorizationRequestId } = await arrive(ada, parameters, SERVICE);
  return { url, outcome: await findOutcome(ada, authorizationRequestId) };
}

async function connected() {
  const cloudProviderId = await register();
  const emailAccountId = await addAccount({ cloudProviderId });
  const { url, outcome } = await signInAt(emailAccountId);
  return { cloudProviderId, emailAccountId, url, outcome };
}

describe("a provider of a third service", () => {
  test("is registered once its token endpoint takes the secret", async () => {
    const { id, proved } = await createCloudProvider(ada, form());
    expect(proved).toBe(true);
    expect(greenhouse.grants.at(-1)).toBe("client_credentials");
    expect(await findCloudProvider(ada, id)).toMatchObject({
      service: "orchid",
      canConsent: false,
      canRenewSecrets: false,
      unknownCertificateId: null,
      redirectUri: expect.stringContaining("/oauth2/orchid/callback"),
    });
  });
});

describe("a mailbox of a third service", () => {
  test("signs in, hands out its token, and passes the test on the hosts of its cloud", async () => {
    const { emailAccountId, url, outcome } = await connected();
    expect(url.pathname).toBe("/door");
    expect(outcome).toMatchObject({ kind: "connected", username: ALICE, missingScopes: [] });
    const { accessToken } = await getAccessToken(
      program("tokens:read"),
      emailAccountId,
      "hand_out",
    );
    expect(accessToken).not.toBe("");
    const account = await findMailboxAccount(ada, emailAccountId);
    expect(accountHosts(account)).toEqual(sandbox().cloud.mail);
    expect(await runTest(ada, emailAccountId)).toMatchObject({ verdict: "ok" });
  });

  test("is renewed by the keeper, and asks for a sign-in when its platform does", async () => {
    const { cloudProviderId, emailAccountId } = await connected();
    await letExpire(cloudProviderId);
    expect(await refreshDue("keeper")).toBe(1);
    expect(greenhouse.grants.at(-1)).toBe("refresh_token");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    await letExpire(cloudProviderId);
    greenhouse.isWithered = true;
    await refreshDue("keeper");
    const state = { state: "sign_in_again", failureId: "orchid.withered" };
    expect(await tokenRow(cloudProviderId)).toMatchObject(state);
    await watchIncidents({ enqueue: async () => {} });
    expect(await db().incident.findMany()).toMatchObject([
      { kind: "sign_in", remedyId: "orchid.withered", accounts: 1 },
    ]);
    greenhouse.isWithered = false;
    expect((await signInAt(emailAccountId)).outcome).toMatchObject({ kind: "connected" });
  });
});

test("a secret of a third service is in the calendar and in reminders as that platform says, and stops nothing on its day", async () => {
  const { cloudProviderId } = await connected();
  const endsIn = (days: number) => {
    const data = { expiresAt: fromNow(days * DAY_MS) };
    return db().clientCredential.updateMany({ where: { cloudProviderId }, data });
  };
  await endsIn(6.5);
  const [expiry] = await listExpiries(ada, 60);
  if (!expiry) throw new Error("It is not in the calendar.");
  expect(expiry).toMatchObject({ kind: "replacement", accounts: 0 });
  expect(expiryStep(expiry)).toBe("Grow another one in the greenhouse.");
  expect(expiryEffect(expiry)).toBe("It works until somebody plucks it at Orchid.");
  await db().$transaction((tx) => remindOfSecrets(tx, new Date(), async () => {}));
  const [alert] = await db().alert.findMany();
  expect(alert?.subject).toBe("Our Orchid: the client secret is to be replaced in 7 days");
  expect(alert?.text).toContain("Grow another secret in the greenhouse, and enter it here.");
  await endsIn(-1);
  await watchIncidents({ enqueue: async () => {} });
  expect(await db().incident.count()).toBe(0);
});
