import { beforeAll, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { erasePerson } from "@/lib/contacts/privacy/mutations";
import { findPersonalData } from "@/lib/contacts/privacy/queries";
import { openAuthority } from "@/lib/devices/authority/store";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { getGraphToken } from "@/lib/email-accounts/graph-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { setSendsBy } from "@/lib/email-accounts/ways/mutations";
import { createKeyring, newKey } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { insertLetters, openText } from "@/lib/letters/outbox/store";
import { beginAuthenticator } from "@/lib/people/factors/mutations";
import { openSecret as openAuthenticator } from "@/lib/people/factors/store";
import { generateProviderCertificate } from "@/lib/registrations/change-credential";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { loadRegistration } from "@/lib/registrations/store";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { claimDeviceRequest, openHandle } from "@/lib/sign-ins/device-codes/store";
import { administrator, program } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { companySecrets } from "@/lib/testing/company";
import { passwordInUse, pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  accountForm,
  arrive,
  BOB,
  connectedAccount,
  providerForm,
  signIn,
  walk,
} from "@/lib/testing/sign-in";
import { signedIn } from "@/lib/testing/signed-in";
import { openAddress, openSecret } from "@/lib/watch/alerts/channels/store";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { targetSchema } from "@/lib/watch/alerts/schema";
import { findSealedColumns } from "./queries";
import { resealEverything } from "./rotate";
import { isKeyRight } from "./store";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
const password = "the password of a mailbox";

let connected: Awaited<ReturnType<typeof connectedAccount>>;
let custom: { id: string };
let authority: Awaited<ReturnType<typeof openAuthority>>;
let company: Awaited<ReturnType<typeof companySecrets>>;
let authenticator: string;
let graphToken: string;
let channel: Awaited<ReturnType<typeof createAlertChannel>>;

beforeAll(async () => {
  await isKeyRight();
  connected = await connectedAccount(ada, sandbox());
  const { emailAccountId } = connected;
  await setSendsBy(ada, { id: emailAccountId, sendsBy: "graph" });
  await signIn(ada, { subject: "email_account", emailAccountId });
  graphToken = (await getGraphToken(motion, emailAccountId, { purpose: "hand_out", way: "send" }))
    .accessToken;
  const endpoint = { host: "mail.contoso.invalid", port: 993, tls: "implicit" };
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  const form = { service: "custom", modernAuthentication: false, hosts, password };
  custom = await createEmailAccount(ada, accountForm(form));
  const url = "https://hooks.example.com/x";
  channel = await createAlertChannel(ada, alertChannelForm({ url }));
  // Another person than the one who is signed in: his tokens wait for a yes.
  const subject = { subject: "email_account", emailAccountId } as const;
  await arrive(ada, await walk(ada, subject, BOB));
  // A code that is to be typed on another device.
  const device = await createCloudProvider(ada, providerForm(sandbox(), { grant: "device_code" }));
  await beginAuthorization(ada, { subject: "provider", cloudProviderId: device.id });
  // A client secret that was made at Microsoft and is not taken there yet.
  const { cloudProviderId } = connected;
  await setAutoRotate(ada, { cloudProviderId, autoRotate: true });
  sandbox().faults.set("new_secret_late");
  expect(await renewSecret()).toMatchObject({ kind: "waiting" });
  // An erased person is kept out by a hash that has a key.
  await erasePerson(ada, { email: "jo@x.example", keepOut: true });
  await generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" });
  authority = await openAuthority();
  // A link that goes to its owner by mail, and was not sent yet.
  const expiresAt = new Date(Date.now() + 60_000);
  const letter = { recipient: "jo@x.example", subject: "", text: "A link" };
  await insertLetters(db(), [{ ...letter, kind: "sign_in_link", tokenHash: "x", expiresAt }]);
  company = await companySecrets(ada);
  const person = { email: "ada@contoso.test", name: "Ada", passwordHash: "x" };
  await db().administrator.create({ data: { id: ada.id, ...person } });
  authenticator = (await beginAuthenticator(await signedIn(ada))).secret;
}, 60_000);

const renewSecret = () =>
  rotateNow(ada, { cloudProviderId: connected.cloudProviderId, version: 1 });

/** A new one belongs here, with a value that its own code wrote, and into the last test. */
test("these columns are sealed", async () => {
  const columns = await findSealedColumns();
  const expected = `
    AlertChannel.addressSealed AlertChannel.secretSealed Authenticator.secretSealed
    AuthorizationRequest.codeVerifierSealed AuthorizationRequest.deviceCodeSealed
    AuthorizationRequest.pendingSealed ClientCredential.secretSealed
    CompanySignIn.clientSecretSealed EmailAccount.passwordSealed GraphToken.accessTokenSealed
    Installation.auditKeySealed Installation.calendarTokenSealed
    Installation.deviceAuthorityKeySealed Installation.suppressionKeySealed Letter.textSealed
    PendingCertificate.privateKeySealed SecretRotation.secretSealed Session.idTokenSealed
    Session.refreshTokenSealed TokenSet.accessTokenSealed TokenSet.cacheSealed KeyCanary.sealed`;
  const found = columns.map(({ table, column }) => `${table}.${column}`);
  expect(found).toEqual(expected.trim().split(/\s+/));
});

test("after a rotation everything opens with the new key alone, by its own code", async () => {
  const added = newKey();
  const old = env().keyring;
  const both = createKeyring([added]);
  const ring = { current: both.current, byId: new Map([...both.byId, ...old.byId]) };
  const report = await resealEverything(ring);
  expect(report).toMatchObject({ isComplete: true, unreadable: [] });
  const empty = report.columns.filter(({ values }) => values === 0);
  expect(empty.map(({ column }) => column)).toEqual(["calendarTokenSealed"]);

  env().keyring = createKeyring([added]);
  expect(await isKeyRight()).toBe(true);
  expect(await passwordInUse(custom.id)).toBe(password);
  const { keptOutSince } = await findPersonalData(ada, { email: "jo@x.example" });
  expect(keptOutSince).toBeInstanceOf(Date);
  const clientSecret = await secretInUse(connected.cloudProviderId);
  expect(clientSecret).toBe(sandbox().registration.clientSecret);
  expect(await renewSecret()).toEqual({ kind: "rotated" });
  const where = { nextPollAt: { not: null } };
  await db().authorizationRequest.updateMany({ where, data: { nextPollAt: new Date(0) } });
  const request = await claimDeviceRequest();
  if (!request) throw new Error("There is no device code.");
  const { destination } = await loadRegistration(request.cloudProviderId);
  expect(openHandle(request, destination)).toContain("deviceCode");
  expect(await pendingCertificate(connected.cloudProviderId)).not.toBeNull();
  const token = await getAccessToken(motion, connected.emailAccountId, "hand_out");
  expect(token.accessToken.split(".")).toHaveLength(3);
  const graph = await getGraphToken(motion, connected.emailAccountId, {
    purpose: "hand_out",
    way: "send",
  });
  expect(graph.accessToken).toBe(graphToken);
  expect(await company.clientSecret()).toBe("the secret");
  expect(await company.idToken()).toBe("an ID token");
  expect(await company.refreshToken()).toBe("a refresh token");
  const { id: alertChannelId, secret } = channel;
  const row = await db().alertChannel.findUniqueOrThrow({ where: { id: alertChannelId } });
  const target = targetSchema.parse(row.target);
  expect(openSecret({ alertChannelId, ...row, target })).toBe(secret);
  expect(openAddress({ alertChannelId, ...row }, "https://hooks.example.com")).toBe(
    "https://hooks.example.com/x",
  );
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
  expect(await openAuthority()).toEqual(authority);
  const { textSealed, ...letter } = await db().letter.findFirstOrThrow();
  expect(openText({ ...letter, textSealed: textSealed ?? "" })).toBe("A link");
  const app = await openAuthenticator(ada.id, { isConfirmed: false });
  expect(app?.secret).toBe(authenticator);

  // And nothing is left to do.
  const again = await resealEverything(env().keyring);
  expect(again.columns.every(({ resealed }) => resealed === 0)).toBe(true);
});

test("a table with a key of two columns would be found out", async () => {
  await pool().query(`CREATE TABLE two (a int, b int, "xSealed" text, PRIMARY KEY (a, b))`);
  await expect(findSealedColumns()).rejects.toThrow("two needs a primary key of one column");
  await pool().query("DROP TABLE two");
});
