import { createPrivateKey, randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { beforeAll, describe, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { toAppError } from "@/lib/http/problem";
import { POSTKEY } from "@/lib/keeper/postkey";
import { db } from "@/lib/kernel/db";
import { generateCertificate } from "@/lib/oauth/certificates/generate";
import { createSetupToken, setUp } from "@/lib/people/administrators/set-up";
import { signIn as signInAsAdministrator } from "@/lib/people/administrators/sign-in";
import { beginAuthenticator, confirmAuthenticator } from "@/lib/people/factors/mutations";
import { findFactors } from "@/lib/people/factors/queries";
import {
  changeCredential,
  generateProviderCertificate,
  proveAndUseCertificate,
  updateClientSecret,
} from "@/lib/registrations/change-credential";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider, listCloudProviders } from "@/lib/registrations/queries";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { loadRegistration } from "@/lib/registrations/store";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { pollDeviceCodes } from "@/lib/sign-ins/device-code";
import { claimDeviceRequest, openHandle } from "@/lib/sign-ins/device-codes/store";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { confirmAuthorization } from "@/lib/sign-ins/outcomes/mutations";
import { findDeviceSignIn, findOutcome } from "@/lib/sign-ins/queries";
import { administrator, program } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { runTest } from "@/lib/testing/connection-test";
import { pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { everyTable } from "@/lib/testing/dump";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { createApiKey } from "@/lib/testing/made";
import { addSecret, uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { formsOf } from "@/lib/testing/secrets";
import {
  ALICE,
  accountForm,
  arrive,
  BOB,
  googleForm,
  providerEdit,
  providerForm,
  typedSecret,
  walk,
} from "@/lib/testing/sign-in";
import { signedIn } from "@/lib/testing/signed-in";
import { letExpire, letRetryNow, openedCache, refreshDue } from "@/lib/testing/tokens";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { findAlertChannel, listDeliveries } from "@/lib/watch/alerts/queries";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";
import { renewCalendarAddress } from "@/lib/watch/calendar/mutations";
import { listExpiries } from "@/lib/watch/calendar/queries";

/**
 * The whole story once, with secrets that are known here: what is stored, logged, told or shown
 * holds none of them.
 */
const sandbox = withInstallation();
const logged = withCapturedLog();
const ada = administrator();

/** Secrets by what they are. */
const secrets = new Map<string, string>();
/** What people and programs are shown on the way. */
const shown: unknown[] = [];

function remember(what: string, secret: string): string {
  expect(secret.length).toBeGreaterThanOrEqual(8);
  secrets.set(what, secret);
  return secret;
}

beforeAll(async () => {
  const { registration } = sandbox();
  remember("the first client secret", registration.clientSecret);
  await administrate();
  const { id } = await createCloudProvider(ada, providerForm(sandbox()));
  const form = accountForm({ cloudProviderId: id });
  const { id: emailAccountId } = await createEmailAccount(ada, form);
  await signMailboxesIn(id);
  await changeSecrets(id);
  await renewSecret(id);
  await rememberTokens(id, emailAccountId);
  await testAndFail(id, emailAccountId);
  await alert();
  await useCertificates(id);
  await useServiceAccount();
  await useDeviceCode();
  await show(id, emailAccountId);
}, 60_000);

async function administrate() {
  const password = remember("the administrator's password", `canary sentence ${token()}`);
  const link = remember("the set-up link", (await createSetupToken()) ?? "");
  await setUp({ token: link, name: "Ada", email: "ada@contoso.test", password });
  await signInAsAdministrator({ email: "ada@contoso.test", password }, {});
  await setUpAuthenticator();
  const wrong = remember("a password that was typed wrong", `wrong ${token()}`);
  await refused(signInAsAdministrator({ email: "ada@contoso.test", password: wrong }, {}));
  const { key } = await createApiKey(ada, { name: "Motion", permissions: ["tokens:read"] });
  remember("the API key", key.slice(3));
}

async function setUpAuthenticator() {
  const { id } = await db().administrator.findFirstOrThrow({ select: { id: true } });
  const self = await signedIn({ ...ada, id });
  const { secret } = await beginAuthenticator(self);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const codes = await confirmAuthenticator(self, { code });
  remember("the secret of an authenticator app", secret);
  for (const [index, each] of codes.entries()) {
    remember(`recovery code ${index}`, each);
    remember(`recovery code ${index} without hyphens`, each.replaceAll("-", ""));
  }
  shown.push(await findFactors(self));
}

async function signMailboxesIn(cloudProviderId: string) {
  const subject = { subject: "provider", cloudProviderId } as const;
  for (const [account, fault] of [
    [ALICE, "secret_expired"],
    [ALICE, "html_200"],
    [ALICE],
    [BOB],
  ] as const) {
    const answer = await walk(ada, subject, account);
    remember(`the code of ${account}, ${fault}`, answer.get("code") ?? "");
    remember(`the state of ${account}, ${fault}`, answer.get("state") ?? "");
    if (fault) sandbox().faults.set(fault);
    const { authorizationRequestId } = await arrive(ada, answer);
    sandbox().faults.clearAll();
    const outcome = await findOutcome(ada, authorizationRequestId);
    shown.push(outcome);
    if (outcome?.kind === "confirm") await confirmAuthorization(ada, { authorizationRequestId });
  }
}

async function changeSecrets(cloudProviderId: string) {
  const update = (clientSecret: string) =>
    updateClientSecret(ada, { cloudProviderId, clientSecret, secretExpiresOn: isoDay(6) });
  await refused(update(remember("a secret that was refused", `wrong8Q~${token()}`)));
  sandbox().faults.set("server_error");
  await refused(update(remember("a secret that was not proved", `late8Q~${token()}`)));
  sandbox().faults.clearAll();
  await update(remember("the second client secret", await addSecret(sandbox())));
  const clientSecret = remember("the third client secret", await addSecret(sandbox()));
  const replacement = typedSecret(clientSecret, isoDay(7));
  await updateCloudProvider(ada, await providerEdit(ada, cloudProviderId, { replacement }));
  // The hunt is only worth something while the secret can be found where it belongs.
  expect(await secretInUse(cloudProviderId)).toBe(clientSecret);
}

/** Through Microsoft Graph: refused, with its answer lost, and done. */
async function renewSecret(cloudProviderId: string) {
  const input = { cloudProviderId, autoRotate: true };
  sandbox().faults.set("graph_permission_missing");
  await refused(setAutoRotate(ada, input));
  sandbox().faults.clearAll();
  await setAutoRotate(ada, input);
  const rotate = () => rotateNow(ada, { cloudProviderId, version: 3 });
  sandbox().faults.set("graph_answer_lost", { times: 1 });
  shown.push(await rotate(), await findCloudProvider(ada, cloudProviderId));
  sandbox().faults.set("new_secret_late");
  shown.push(await rotate(), await findCloudProvider(ada, cloudProviderId));
  sandbox().faults.clearAll();
  expect(await rotate()).toEqual({ kind: "rotated" });
  const clientSecret = await secretInUse(cloudProviderId);
  remember("the client secret that Postkey made", clientSecret);
}

async function rememberTokens(cloudProviderId: string, emailAccountId: string) {
  const { accessToken } = await getAccessToken(program("tokens:read"), emailAccountId, "hand_out");
  remember("the access token", accessToken);
  const cache: unknown = JSON.parse(await openedCache(cloudProviderId));
  const found = [...JSON.stringify(cache).matchAll(/"secret":"([^"]+)"/g)];
  expect(found.length).toBeGreaterThanOrEqual(1);
  for (const [index, [, secret = ""]] of found.entries())
    remember(`a cached token ${index}`, secret);
}

async function testAndFail(cloudProviderId: string, emailAccountId: string) {
  shown.push(await runTest(ada, emailAccountId));
  for (const fault of ["imap_disabled", "smtp_auth_disabled_tenant", "no_xoauth2", "xss_banner"]) {
    sandbox().faults.set(fault);
    shown.push(await runTest(ada, emailAccountId));
    sandbox().faults.clearAll();
  }
  for (const fault of ["grant_revoked", "secret_expired", "reset", "truncated", "empty_json"]) {
    await letExpire(cloudProviderId);
    sandbox().faults.set(fault);
    shown.push(await runTest(ada, emailAccountId));
    await letRetryNow(cloudProviderId);
    await refreshDue("keeper");
    sandbox().faults.clearAll();
  }
  const password = remember("a mailbox password", `app password ${token()}`);
  const endpoint = { host: "mail.contoso.invalid", port: 993, tls: "implicit" };
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  const custom = { service: "custom", modernAuthentication: false, hosts, password };
  const legacy = await createEmailAccount(ada, accountForm(custom));
  shown.push(await runTest(ada, legacy.id), await findEmailAccount(ada, legacy.id));
}

/** One that is brought along, with wrong passwords and before the platform knows it, and one that is made. */
async function useCertificates(cloudProviderId: string) {
  const made = await generateCertificate({ commonName: "Canary", bits: 2048, months: 12 });
  remember("the key of an uploaded certificate", lineOf(made.privateKey));
  const password = remember("the password of its file", `pfx ${token()}`);
  const key = createPrivateKey(made.privateKey).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: password,
  });
  const file = Buffer.from(made.certificate + key).toString("base64");
  const change = (typed: string) =>
    changeCredential(ada, {
      cloudProviderId,
      credential: { kind: "certificate", file, password: typed },
    });
  await refused(change(remember("a wrong password of a file", `pfx ${token()}`)));
  await refused(change(password));
  await uploadCertificate(sandbox(), made.certificate);
  await change(password);
  shown.push(await findCloudProvider(ada, cloudProviderId));
  await letExpire(cloudProviderId);
  await refreshDue("keeper");
  await generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" });
  const pending = await pendingCertificate(cloudProviderId);
  remember("the key of a certificate that waits", lineOf(pending?.privateKey ?? ""));
  await refused(proveAndUseCertificate(ada, { cloudProviderId }));
  shown.push(await findCloudProvider(ada, cloudProviderId));
}

function lineOf(pem: string): string {
  return pem.split("\n")[2] ?? "";
}

async function useServiceAccount() {
  const { private_key: privateKey } = JSON.parse(sandbox().google.serviceAccountKey);
  remember("the key of a service account", lineOf(privateKey));
  const { id: cloudProviderId } = await createCloudProvider(ada, googleForm(sandbox()));
  const username = "desk@wingtip.test";
  const account = { service: "gmail", username, emailAddress: username, cloudProviderId };
  const { id } = await createEmailAccount(ada, accountForm(account));
  shown.push(await runTest(ada, id), await findCloudProvider(ada, cloudProviderId));
}

async function useDeviceCode() {
  const form = providerForm(sandbox(), { grant: "device_code" });
  const { id: cloudProviderId } = await createCloudProvider(ada, form);
  await beginAuthorization(ada, { subject: "provider", cloudProviderId });
  await db().authorizationRequest.updateMany({
    where: { kind: "device_code" },
    data: { nextPollAt: new Date(0) },
  });
  const claimed = await claimDeviceRequest();
  const { destination } = await loadRegistration(cloudProviderId);
  const { deviceCode } = JSON.parse(claimed ? openHandle(claimed, destination) : "{}");
  remember("a device code", deviceCode);
  await pollDeviceCodes(POSTKEY);
  shown.push(await findDeviceSignIn(ada, cloudProviderId));
  shown.push(await findCloudProvider(ada, cloudProviderId));
}

async function show(cloudProviderId: string, emailAccountId: string) {
  shown.push(
    await findCloudProvider(ada, cloudProviderId),
    await listCloudProviders(ada),
    await findEmailAccount(ada, emailAccountId),
  );
}

async function refused(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown) => toAppError(thrown),
  );
  expect(error).toBeDefined();
  shown.push({ ...error, message: error?.message });
}

async function alert() {
  const inPath = remember("the token in the path of a webhook", token());
  const inQuery = remember("the token in the query of a webhook", token());
  const url = `https://hooks.contoso.invalid/services/${inPath}?key=${inQuery}`;
  const created = await createAlertChannel(ada, alertChannelForm({ url }));
  remember("the signing secret of a webhook", (created.secret ?? "").slice(6));
  await refused(sendTestAlert(ada, created));
  const password = remember("the password of an alert server", `relay ${token()}`);
  const smtp = { host: "smtp.contoso.invalid", port: 587, tls: "starttls" };
  const server = { from: ALICE, user: "relay", password, smtp, recipients: BOB };
  const relay = { ...server, name: "Relay", kind: "smtp" };
  const { id } = await createAlertChannel(ada, alertChannelForm(relay));
  await refused(sendTestAlert(ada, { id }));
  const address = await renewCalendarAddress(ada);
  remember("the calendar's address", new URL(address).pathname.slice("/api/calendar/".length, -4));
  const channels = [await findAlertChannel(ada, id), await findAlertChannel(ada, created.id)];
  shown.push(...channels, (await listDeliveries(ada, id)).rows, await listExpiries(ada, 800));
}

function expectNone(text: string): void {
  const found = [...secrets].filter(([, secret]) =>
    formsOf(secret).some((form) => text.includes(form)),
  );
  expect(found.map(([what]) => what)).toEqual([]);
}

describe("no secret is", () => {
  test("in any row of any table", async () => {
    const text = (await everyTable()).map((table) => table.text).join("\n");
    expect(text).toContain(ALICE);
    expect(text).toContain("v2.");
    expectNone(text);
  });

  test("in the log", () => {
    expect(logged.length).toBeGreaterThan(5);
    expectNone(logged.join(""));
  });

  test("in what anyone is shown", () => {
    expect(shown.length).toBeGreaterThan(15);
    expectNone(JSON.stringify(shown));
  });
});

test("the hunt finds a secret however it is written", () => {
  const secret = secrets.get("the first client secret") ?? "";
  const hidden = Buffer.from(`xx${secret}yy`);
  for (const text of [secret, hidden.toString("base64"), hidden.toString("hex")])
    expect(() => expectNone(`before ${text} after`)).toThrow(/first client secret/);
});

function token(): string {
  return randomBytes(16).toString("base64url");
}
