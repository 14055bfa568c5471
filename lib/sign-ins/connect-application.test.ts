import { beforeEach, describe, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { administrator, program } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, providerForm } from "@/lib/testing/sign-in";
import { letExpire, refreshDue } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { connectApplication } from "./connect-application";
import { listAuthorizations } from "./queries";
import { updateCloudProvider } from "./update-cloud-provider";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
let cloudProviderId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  const { clientId, tenantId, clientSecret } = sandbox().serviceRegistration;
  const form = providerForm(sandbox(), { clientId, tenantId, clientSecret, grant: "app_only" });
  ({ id: cloudProviderId } = await createCloudProvider(ada, form));
});

const connect = () => connectApplication(ada, cloudProviderId);
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

  test("hands out its token for each account, and renews it with its credential", async () => {
    await connect();
    const { id } = await account("sales@contoso.test");
    const first = await getAccessToken(motion, id, "hand_out");
    await letExpire(cloudProviderId);
    expect(await refreshDue("keeper")).toBe(1);
    const second = await getAccessToken(motion, id, "hand_out");
    expect(second.accessToken).not.toBe(first.accessToken);
  });

  test("is still one when it is connected again", async () => {
    await connect();
    await connect();
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toHaveLength(1);
  });

  test("asks nobody to sign in", async () => {
    const begun = beginAuthorization(ada, { subject: "provider", cloudProviderId });
    await expect(begun).rejects.toMatchObject({ code: "conflict" });
  });

  test("says what Microsoft refuses", async () => {
    sandbox().faults.set("secret_expired");
    await expect(connect()).rejects.toMatchObject({
      code: "unprocessable",
      remedyId: "AADSTS7000222",
    });
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toEqual([]);
  });

  test("says which permissions are missing", async () => {
    const { id } = await createCloudProvider(ada, providerForm(sandbox(), { grant: "app_only" }));
    const { missing } = await connectApplication(ada, id);
    expect(missing).toEqual(["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"]);
  });
});

describe("a provider at which people sign in", () => {
  test("is not connected", async () => {
    const { cloudProviderId: other } = await connectedAccount(ada, sandbox());
    await expect(connectApplication(ada, other)).rejects.toMatchObject({ code: "conflict" });
  });

  test("forgets who signed in when the application does it from now on", async () => {
    const { cloudProviderId: id } = await connectedAccount(ada, sandbox());
    const provider = await findCloudProvider(ada, id);
    if (!provider) throw new Error("It is gone.");
    const { name, cloud, accountTypes, clientId, tenantId, version } = provider;
    const kind = { service: "microsoft_azure", type: "outlook365", grant: "app_only" } as const;
    const hosts = null;
    const fields = { name, cloud, accountTypes, clientId, tenantId, version };
    await updateCloudProvider(ada, { id, ...fields, ...kind, hosts, replacement: null });
    expect((await listAuthorizations(ada, id)).rows).toEqual([]);
    expect(await findCloudProvider(ada, id)).toMatchObject({ grant: "app_only" });
  });
});
