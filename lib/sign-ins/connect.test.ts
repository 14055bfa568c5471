import { beforeEach, describe, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount, deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import {
  changeCredential,
  generateProviderCertificate,
} from "@/lib/registrations/change-credential";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { administrator, program } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  accountForm,
  applicationForm,
  arrive,
  connectedAccount,
  googleForm,
  providerEdit,
  providerForm,
  typedSecret,
} from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { connectMailboxes, updateCloudProvider } from "./mailboxes/mutations";
import { connectApplication } from "./mutations";
import { findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
let cloudProviderId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, applicationForm(sandbox())));
});

const connect = () => connectApplication(ada, { cloudProviderId });
const account = (emailAddress: string) =>
  createEmailAccount(ada, accountForm({ cloudProviderId, emailAddress, username: emailAddress }));

describe("an application that signs in by itself", () => {
  test("is connected without anybody, and tells its permissions", async () => {
    expect(await connect()).toEqual({ missing: [] });
    const [row, ...others] = (await listAuthorizations(ada, cloudProviderId)).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      username: "",
      grant: "app_only",
      state: "connected",
      signedInByName: "Ada",
      scopes: ["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"],
    });
    expect(row?.objectId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("opens every mailbox that it was granted, with one authorization", async () => {
    await connect();
    for (const address of ["alice@contoso.test", "support@contoso.test"]) {
      const { id } = await account(address);
      expect(await runTest(ada, id)).toMatchObject({ verdict: "ok" });
    }
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toHaveLength(1);
  });

  test("asks nobody to sign in", async () => {
    const begun = beginAuthorization(ada, { subject: "provider", cloudProviderId });
    await expect(begun).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a provider at which people sign in", () => {
  test("is not connected", async () => {
    const connected = connectApplication(ada, await connectedAccount(ada, sandbox()));
    await expect(connected).rejects.toMatchObject({ code: "conflict" });
  });

  test("forgets who signed in when the application does it from now on", async () => {
    const { cloudProviderId: id } = await connectedAccount(ada, sandbox());
    await updateCloudProvider(ada, await providerEdit(ada, id, { grant: "app_only" }));
    expect((await listAuthorizations(ada, id)).rows).toEqual([]);
    expect(await findCloudProvider(ada, id)).toMatchObject({ grant: "app_only" });
  });
});

describe("mailboxes of a domain", () => {
  const DESK = "desk@wingtip.test";
  const OMAR = "omar@wingtip.test";

  function typedKey(changes: Record<string, unknown> = {}) {
    const key: Record<string, unknown> = JSON.parse(sandbox().google.serviceAccountKey);
    const keyFile = JSON.stringify({ ...key, ...changes });
    return { kind: "service_account" as const, keyFile };
  }

  beforeEach(async () => {
    ({ id: cloudProviderId } = await createCloudProvider(ada, googleForm(sandbox())));
  });

  const account = (username: string) =>
    createEmailAccount(
      ada,
      accountForm({ service: "gmail", cloudProviderId, username, emailAddress: username }),
    );
  const mailboxes = async () =>
    (await listAuthorizations(ada, cloudProviderId)).rows.map(({ username, state, failureId }) => ({
      username,
      state,
      failureId,
    }));

  describe("a service account of a domain that delegated to it", () => {
    test("opens the mailbox of an account as soon as there is one, and nobody signs in", async () => {
      const { id } = await account(DESK);
      expect(await runTest(ada, id)).toMatchObject({ verdict: "ok" });
      expect(await mailboxes()).toEqual([{ username: DESK, state: "connected", failureId: null }]);
    });

    test("has a token for each mailbox, which the keeper gets and renews", async () => {
      const { id } = await account(DESK);
      await account(OMAR);
      expect(await refreshDue("keeper")).toBe(2);
      const first = await getAccessToken(motion, id, "hand_out");
      expect(first).toMatchObject({
        username: DESK,
        users: { imap: DESK, smtp: DESK, pop3: DESK },
      });
      await letExpire(cloudProviderId);
      expect(await refreshDue("keeper")).toBe(2);
      const second = await getAccessToken(motion, id, "hand_out");
      expect(second.accessToken).not.toBe(first.accessToken);
    });

    test("keeps one authorization for a mailbox of two accounts, until both are gone", async () => {
      const first = await account(DESK);
      const second = await account(DESK);
      expect(await mailboxes()).toHaveLength(1);
      await deleteEmailAccount(ada, first);
      expect(await mailboxes()).toHaveLength(1);
      await deleteEmailAccount(ada, second);
      expect(await mailboxes()).toEqual([]);
    });

    test.each([
      ["that Google does not know", "nobody@wingtip.test", "google.mailbox_unknown"],
      ["of another domain", "gina@gmail.test", "google.not_delegated"],
    ])("does not stop the others for a mailbox %s", async (_what, username, failureId) => {
      await account(username);
      await account(DESK);
      expect(await connectMailboxes(ada, { cloudProviderId })).toEqual({ connected: 1, failed: 1 });
      expect(await mailboxes()).toEqual(
        expect.arrayContaining([
          { username: DESK, state: "connected", failureId: null },
          { username, state: "sign_in_again", failureId },
        ]),
      );
      expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({ failureId: null });
    });

    test("is told when the domain did not delegate, and connects once it has", async () => {
      await account(DESK);
      sandbox().faults.set("google:unauthorized_client");
      expect(await connectMailboxes(ada, { cloudProviderId })).toEqual({ connected: 0, failed: 1 });
      expect(await mailboxes()).toMatchObject([{ failureId: "google.not_delegated" }]);
      sandbox().faults.clearAll();
      expect(await connectMailboxes(ada, { cloudProviderId })).toEqual({ connected: 1, failed: 0 });
      expect(await mailboxes()).toMatchObject([{ state: "connected", failureId: null }]);
    });
  });

  describe("the key of a service account", () => {
    test("is stored sealed, and entered again it is proved and takes no new place", async () => {
      const rows = () => db().clientCredential.findMany({ where: { cloudProviderId } });
      await db().clientCredential.updateMany({ data: { provedAt: null } });
      const entered = await changeCredential(ada, { cloudProviderId, credential: typedKey() });
      expect(entered).toEqual({ isReplaced: false, expiresAt: null });
      const [inUse, ...more] = await rows();
      expect(more).toEqual([]);
      expect(inUse?.provedAt).not.toBeNull();
      expect(JSON.stringify(await rows())).not.toContain("PRIVATE KEY");
    });

    test.each<[string, Record<string, unknown>, RegExp]>([
      ["another account", { client_id: "999999999999999999999" }, /another service account/],
      ["another key", { private_key_id: "00" }, /google\.key_wrong/],
      [
        "no RSA key",
        { private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" },
        /not an RSA key/,
      ],
    ])("of %s changes nothing", async (_what, changes, message) => {
      const changed = changeCredential(ada, { cloudProviderId, credential: typedKey(changes) });
      await expect(changed).rejects.toMatchObject({
        code: "unprocessable",
        fields: { "credential.keyFile": [expect.stringMatching(message)] },
      });
      expect(await db().clientCredential.count({ where: { cloudProviderId } })).toBe(1);
    });

    test("is the only credential of its provider, and none of any other", async () => {
      const typed = {
        kind: "client_secret",
        clientSecret: "GOCSPX-1",
        secretExpiresOn: "",
      } as const;
      const changed = changeCredential(ada, { cloudProviderId, credential: typed });
      const message = expect.stringContaining("the only credential");
      await expect(changed).rejects.toMatchObject({ message });
      const { clientId } = sandbox().google;
      const delegated = googleForm(sandbox(), { grant: "delegated", clientId });
      const created = createCloudProvider(ada, delegated);
      await expect(created).rejects.toMatchObject({ code: "unprocessable" });
    });
  });

  test("mailboxes are connected only where a service account opens them", async () => {
    const connected = connectMailboxes(ada, await connectedAccount(ada, sandbox()));
    await expect(connected).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a Gmail account", () => {
  const GINA = "gina@gmail.test";
  let emailAccountId: string;

  beforeEach(async () => {
    const { clientId, clientSecret } = sandbox().google;
    const changes = { grant: "delegated", clientId, credential: typedSecret(clientSecret) };
    ({ id: cloudProviderId } = await createCloudProvider(ada, googleForm(sandbox(), changes)));
    const form = { service: "gmail", username: GINA, emailAddress: GINA, cloudProviderId };
    ({ id: emailAccountId } = await createEmailAccount(ada, accountForm(form)));
  });

  /** Walks Google's pages; `mail` is the box of the one permission that counts. */
  async function signInAtGoogle(mail = "yes") {
    const url = await beginAuthorization(ada, { subject: "email_account", emailAccountId });
    const body = new URLSearchParams({ account: GINA, consent: "accept", mail });
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
    const { searchParams } = new URL(answer.headers.get("location") ?? "");
    const { authorizationRequestId } = await arrive(ada, searchParams, "google");
    return findOutcome(ada, authorizationRequestId);
  }

  test("signs in, opens IMAP, SMTP and POP3, and stays when a later sign-in leaves mail out", async () => {
    expect(await signInAtGoogle()).toMatchObject({ kind: "connected", username: GINA });
    const remedyId = "callback.mail_not_granted";
    expect(await signInAtGoogle("no")).toMatchObject({ kind: "failed", remedyId });
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    expect(await runTest(ada, emailAccountId)).toMatchObject({ verdict: "ok" });
  });

  test("has no credential of another service, and no provider of one", async () => {
    const credential = { kind: "managed_identity", identityClientId: "" } as const;
    const refused = { code: "unprocessable", message: expect.stringContaining("client secret") };
    const changed = changeCredential(ada, { cloudProviderId, credential });
    await expect(changed).rejects.toMatchObject(refused);
    const made = generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" });
    await expect(made).rejects.toMatchObject(refused);
    const microsoft = await createCloudProvider(ada, providerForm(sandbox()));
    const fields = { cloudProviderId: [expect.stringContaining("another service")] };
    for (const form of [
      accountForm({ service: "gmail", cloudProviderId: microsoft.id }),
      accountForm({ cloudProviderId }),
    ])
      await expect(createEmailAccount(ada, form)).rejects.toMatchObject({ fields });
  });
});
