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
const { findLastConnectionTest } = await import("@/lib/checks/queries");
const { getAccessToken } = await import("@/lib/email-accounts/access-token");
const { accountHosts, takesTokensOf } = await import("@/lib/email-accounts/hosts");
const { findMailboxAccount } = await import("@/lib/email-accounts/mailbox/queries");
const { createEmailAccount } = await import("@/lib/email-accounts/mutations");
const { SERVICE_LABELS } = await import("@/lib/email-accounts/schema");
const { DAY_MS, fromNow } = await import("@/lib/kernel/clock");
const { db } = await import("@/lib/kernel/db");
const { mailHouse } = await import("@/lib/mail/houses/schema");
const { moveAccount } = await import("@/lib/migration/move");
const { findMovable, findMoveTarget, searchMoveTargets } = await import("@/lib/migration/queries");
const { createCloudProvider } = await import("@/lib/registrations/mutations");
const { findCloudProvider } = await import("@/lib/registrations/queries");
const { setAutoRotate } = await import("@/lib/registrations/set-auto-rotate");
const { beginAuthorization } = await import("@/lib/sign-ins/begin");
const { ownersCauseOf } = await import("@/lib/sign-ins/links/owners-words");
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
    const { id, isProved } = await createCloudProvider(ada, form());
    expect(isProved).toBe(true);
    expect(greenhouse.grants.at(-1)).toBe("client_credentials");
    expect(await findCloudProvider(ada, id)).toMatchObject({
      service: "orchid",
      canConsent: false,
      canRenewSecrets: false,
      unknownCertificateId: null,
      redirectUri: expect.stringContaining("/oauth2/orchid/callback"),
    });
  });

  test("is refused at the field that its platform means", async () => {
    const wrongSecret = form({ credential: typedSecret("Nectar~of.another_flower.entirely") });
    await expect(createCloudProvider(ada, wrongSecret)).rejects.toMatchObject({
      fields: { "credential.clientSecret": [expect.any(String)] },
    });
    await expect(createCloudProvider(ada, form({ clientId: "orchid-8" }))).rejects.toMatchObject({
      remedyId: "orchid.no_such_client",
      fields: { clientId: [expect.any(String)] },
    });
    expect(await db().cloudProvider.count()).toBe(0);
  });

  test("takes credentials of its kinds alone, and renews none by itself", async () => {
    const credential = { kind: "managed_identity", identityClientId: "" };
    await expect(createCloudProvider(ada, form({ credential }))).rejects.toMatchObject({
      message: expect.stringContaining("takes no credential of this kind"),
    });
    const cloudProviderId = await register();
    await expect(setAutoRotate(ada, { cloudProviderId, autoRotate: true })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("cannot be renewed automatically"),
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

  test("is told what its token has in the words of its platform", async () => {
    const { emailAccountId } = await connected();
    await runTest(ada, emailAccountId);
    const petals = { needs: "petals", has: "petals", isMet: true };
    expect((await findLastConnectionTest(ada, emailAccountId))?.token).toMatchObject([
      { what: "Made for", has: "the greenhouse", isMet: true },
      { what: "IMAP permission", ...petals },
      { what: "SMTP permission", ...petals },
      { what: "POP3 permission", ...petals },
      { what: "Whose", has: ALICE, isMet: true },
      { what: "Valid until", isMet: true },
    ]);
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

  test("that cannot sign in is one incident, and not a second one of its mail", async () => {
    const { emailAccountId } = await connected();
    const failure = { testFailureId: "orchid.withered", testFailingSince: fromNow(-DAY_MS) };
    await db().emailAccount.update({
      where: { id: emailAccountId },
      data: { ...failure, testSchedule: "daily" },
    });
    await watchIncidents({ enqueue: async () => {} });
    expect(await db().incident.count()).toBe(0);
  });

  test("tells its owner what happened when the sign-in was refused", () => {
    expect(ownersCauseOf("orchid.turned_back")).toBe("cancelled");
    expect(ownersCauseOf("orchid.not_watered")).toBe("no_consent");
  });

  test("takes tokens of its own platform alone", async () => {
    const cloudProviderId = await register();
    expect(takesTokensOf(MAIL, SERVICE)).toBe(true);
    expect(takesTokensOf(MAIL, "google")).toBe(false);
    await expect(
      createEmailAccount(ada, accountForm({ service: "gmail", cloudProviderId })),
    ).rejects.toMatchObject({ fields: { cloudProviderId: [expect.any(String)] } });
    const withoutShared = await findMailboxAccount(ada, await addAccount({ cloudProviderId }));
    expect(withoutShared).toMatchObject({ service: "orchid_mail", isAppOnly: false });
  });
});

describe("a secret of a third service", () => {
  const endsIn = (cloudProviderId: string, days: number) =>
    db().clientCredential.updateMany({
      where: { cloudProviderId },
      data: { expiresAt: fromNow(days * DAY_MS) },
    });

  test("is in the calendar and in reminders as that platform says", async () => {
    const { cloudProviderId } = await connected();
    await endsIn(cloudProviderId, 6.5);
    const [expiry] = await listExpiries(ada, 60);
    if (!expiry) throw new Error("It is not in the calendar.");
    expect(expiry).toMatchObject({ kind: "replacement", accounts: 0 });
    expect(expiryStep(expiry)).toBe("Grow another one in the greenhouse.");
    expect(expiryEffect(expiry)).toBe("It works until somebody plucks it at Orchid.");
    await db().$transaction((tx) => remindOfSecrets(tx, new Date(), async () => {}));
    const [alert] = await db().alert.findMany();
    expect(alert?.subject).toBe("Our Orchid: the client secret is to be replaced in 7 days");
    expect(alert?.text).toContain("Grow another secret in the greenhouse, and enter it here.");
  });

  test("stops nothing on its day, because it does not end", async () => {
    const { cloudProviderId } = await connected();
    await endsIn(cloudProviderId, -1);
    await watchIncidents({ enqueue: async () => {} });
    expect(await db().incident.count()).toBe(0);
  });
});

describe("a password of a third service", () => {
  test("ends when its platform says, and its account is moved to its own provider", async () => {
    expect(SERVICE_LABELS[MAIL]).toBe("Orchid Mail");
    expect(mailHouse(MAIL).passwordEnds[0]?.text).toBe("Orchid withers passwords in January.");
    const { cloudProviderId } = await connected();
    const password = { modernAuthentication: false, password: "pollen", key: "old" };
    const emailAccountId = await addAccount({ ...password, name: "Old" });
    expect(await findMovable(ada, emailAccountId)).toMatchObject({ service: "orchid_mail" });
    const { found } = await searchMoveTargets(ada, { emailAccountId, search: "" });
    expect(found.map(({ id }) => id)).toContain(cloudProviderId);
    const move = { emailAccountId, cloudProviderId, username: ALICE };
    expect(await findMoveTarget(ada, move)).toMatchObject({ isSignedIn: true });
    expect(await moveAccount(ada, move)).toMatchObject({ verdict: "ok" });
  });
});
