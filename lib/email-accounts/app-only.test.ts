import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { MICROSOFT_MAIL_TOKENS } from "@/lib/oauth/microsoft/mail-tokens";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { saveSignedIn } from "@/lib/sign-ins/tokens/store";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { letExpire, openedAccessToken, refreshDue, tokenRow } from "@/lib/testing/tokens";

const sandbox = withInstallation();
let cloudProviderId: string;

beforeAll(async () => {
  const { clientId, tenantId, clientSecret } = sandbox().serviceRegistration;
  const form = providerForm(sandbox(), { clientId, tenantId, clientSecret });
  ({ id: cloudProviderId } = await createCloudProvider(administrator(), form));
  const id = randomUUID();
  await db().authorization.create({
    data: {
      id,
      cloudProviderId,
      grant: "app_only",
      username: "",
      displayName: "The application",
      objectId: clientId,
      tenantId,
      homeAccountId: "",
      scopes: [],
      signedInByName: "Ada",
    },
  });
  const old = { accessToken: "old", expiresAt: new Date(), scopes: [], idToken: "", cache: "{}" };
  await saveSignedIn(db(), id, old);
});

test("a grant of the application itself is renewed with its secret alone", async () => {
  const before = tokenRequests(sandbox(), "client_credentials");
  await letExpire(cloudProviderId);
  expect(await refreshDue("keeper")).toBe(1);
  expect(tokenRequests(sandbox(), "client_credentials") - before).toBe(1);
  expect(tokenRequests(sandbox(), "refresh_token")).toBe(0);
  const row = await tokenRow(cloudProviderId);
  expect(row.state).toBe("connected");
  const claims = MICROSOFT_MAIL_TOKENS.read(await openedAccessToken(cloudProviderId));
  expect(claims).toMatchObject({ roles: expect.arrayContaining(["IMAP.AccessAsApp"]) });
});

test("and is no longer when the application is refused", async () => {
  await letExpire(cloudProviderId);
  sandbox().faults.set("secret_expired");
  await refreshDue("keeper");
  expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "fix_registration" });
});
