import { beforeAll, describe, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount, updateEmailAccount } from "@/lib/email-accounts/mutations";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import { db, pool } from "@/lib/kernel/db";
import { insertLetters, openText } from "@/lib/letters/outbox/store";
import { undoMove } from "@/lib/migration/mutations";
import { generateProviderCertificate } from "@/lib/registrations/change-credential";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { openPending } from "@/lib/registrations/rotations/store";
import { loadRegistration } from "@/lib/registrations/store";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { openVerifier } from "@/lib/sign-ins/store";
import { administrator, program } from "@/lib/testing/actors";
import { companySecrets } from "@/lib/testing/company";
import { passwordInUse, pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, hostsAt, providerForm } from "@/lib/testing/sign-in";
import { letExpire, openedAccessToken, openedCache, refreshDue } from "@/lib/testing/tokens";
import { openAddress, openSecret } from "@/lib/watch/alerts/channels/store";
import { createAlertChannel, updateAlertChannel } from "@/lib/watch/alerts/mutations";
import {
  createAlertChannelSchema,
  targetSchema,
  updateAlertChannelSchema,
} from "@/lib/watch/alerts/schema";

/**
 * Every secret, and every field that decides where it goes. If the field changes in the database (or through
 * an altered backup), the secret does not open; if it changes in a form, the form asks for the secret again.
 */
const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "the password of a mailbox";
const OTHER = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let provider: string;
let other: string;
let modern: string;
let custom: string;
let relay: string;
let hook: string;
let company: Awaited<ReturnType<typeof companySecrets>>;

const hosts = hostsAt();
const smtp = { host: "smtp.contoso.com", port: 587, tls: "starttls" } as const;
const channel = {
  enabled: true,
  recipients: "ops@contoso.com",
  emailAccountId: null,
  from: "postkey@contoso.com",
  user: "postkey",
  password: PASSWORD,
  url: "",
  smtp,
};
const account = { service: "custom", modernAuthentication: false, hosts, username: "support" };

beforeAll(async () => {
  const connected = await connectedAccount(ada, sandbox());
  [provider, modern] = [connected.cloudProviderId, connected.emailAccountId];
  ({ id: other } = await createCloudProvider(ada, providerForm(sandbox())));
  ({ id: custom } = await createEmailAccount(ada, accountForm({ ...account, password: PASSWORD })));
  const create = (changes: object) =>
    createAlertChannel(ada, createAlertChannelSchema.parse({ ...channel, ...changes }));
  ({ id: relay } = await create({ name: "Relay", kind: "smtp" }));
  const noMail = { recipients: "", smtp: null, from: "", user: "", password: "" };
  const url = "https://hooks.contoso.com/x";
  ({ id: hook } = await create({ ...noMail, name: "Hook", kind: "webhook", url }));
  company = await companySecrets(ada);
  await setAutoRotate(ada, { cloudProviderId: provider, autoRotate: true });
  sandbox().faults.set("new_secret_late");
  await rotateNow(ada, { cloudProviderId: provider, version: 1 });
  await generateProviderCertificate(ada, { cloudProviderId: provider, bits: "2048", months: "12" });
  const letter = { recipient: "jo@x.example", subject: "", text: "A link", tokenHash: "x" };
  await insertLetters(db(), [{ ...letter, kind: "sign_in_link", expiresAt: new Date() }]);
  await db().authorizationRequest.deleteMany();
  await beginAuthorization(ada, { subject: "email_account", emailAccountId: modern });
}, 60_000);

/** Every secret by what it is, as its own code opens it. */
const SECRETS = {
  "client secret": () => secretInUse(provider),
  "secret that is being made": async () => {
    const where = { cloudProviderId: provider };
    const row = await db().secretRotation.findUniqueOrThrow({ where });
    return openPending(row, (await loadRegistration(provider)).destination)?.clientSecret;
  },
  "key of a certificate": async () => (await pendingCertificate(provider))?.privateKey,
  "access token": () => openedAccessToken(provider),
  "refresh token": () => openedCache(provider),
  "token that is handed out": async () =>
    (await getAccessToken(program("tokens:read"), modern, "hand_out")).accessToken,
  "code verifier": async () => {
    const row = await db().authorizationRequest.findFirstOrThrow();
    const { destination } = await loadRegistration(row.cloudProviderId);
    return openVerifier({ ...row, outcome: null }, destination, row.codeVerifierSealed);
  },
  "password of a mailbox": () => passwordInUse(custom),
  "secret of a company sign-in": () => company.clientSecret(),
  "hint for a sign-out at a company": () => company.idToken(),
  "token that a company is asked with": () => company.refreshToken(),
  "password of a relay": () => channelSecret(relay),
  "signing secret": () => channelSecret(hook),
  "letter with a link": async () => {
    const { textSealed, ...letter } = await db().letter.findFirstOrThrow();
    return openText({ ...letter, textSealed: textSealed ?? "" });
  },
  "address of a webhook": async () => {
    const row = await db().alertChannel.findUniqueOrThrow({ where: { id: hook } });
    const target = targetSchema.parse(row.target);
    const origin = target.kind === "webhook" ? target.origin : "";
    return openAddress({ ...row, alertChannelId: hook }, origin);
  },
} as const;
type Secret = keyof typeof SECRETS;

async function channelSecret(id: string): Promise<string> {
  const row = await db().alertChannel.findUniqueOrThrow({ where: { id } });
  return openSecret({ ...row, alertChannelId: id, target: targetSchema.parse(row.target) });
}

const OF_PROVIDER: Secret[] = [
  ...(["client secret", "secret that is being made", "key of a certificate"] as const),
  ...(["access token", "refresh token", "token that is handed out", "code verifier"] as const),
];
const TOKENS: Secret[] = ["access token", "refresh token"];
const OF_COMPANY: Secret[] = [
  "secret of a company sign-in",
  "hint for a sign-out at a company",
  "token that a company is asked with",
];

const VERIFIER: Secret[] = ["code verifier"];
const MAILBOX: Secret[] = ["password of a mailbox"];
const RELAY: Secret[] = ["password of a relay"];
const HOOK: Secret[] = ["address of a webhook"];
const EVIL_RELAY = { kind: "smtp", smtp, from: "a@b.test", user: "x", recipients: [] };

/** What does not open when a column becomes something else. */
type Change = [table: string, column: string, becomes: string, secrets: Secret[]];
const CHANGES: Change[] = [
  ["CloudProvider", "service", `'google'`, OF_PROVIDER],
  ["CloudProvider", "cloud", `'global'`, OF_PROVIDER],
  ["CloudProvider", "clientId", `'${OTHER}'`, OF_PROVIDER],
  ["CloudProvider", "tenantId", `'${OTHER}'`, OF_PROVIDER],
  ["CloudProvider", "hosts", json({ authority: "https://evil.example" }), OF_PROVIDER],
  ["CloudProvider", "hosts", json({ graph: "https://evil.example" }), OF_PROVIDER],
  ["CloudProvider", "hosts", json({ scopeHost: "https://evil.example" }), OF_PROVIDER],
  ["CloudProvider", "hosts", json({ mail: { imap: hosts.imap } }), OF_PROVIDER],
  ["CloudProvider", "grant", `'device_code'`, [...TOKENS, "token that is handed out"]],
  ["ClientCredential", "kind", `'certificate'`, ["client secret"]],
  ["Authorization", "grant", `'app_only'`, [...TOKENS, "token that is handed out"]],
  ["Authorization", "username", `'evil@contoso.test'`, TOKENS],
  ["Authorization", "objectId", `'${OTHER}'`, TOKENS],
  ["Authorization", "tenantId", `'${OTHER}'`, TOKENS],
  ["AuthorizationRequest", "kind", `'admin_consent'`, VERIFIER],
  ["AuthorizationRequest", "cloudProviderId", "$OTHER", VERIFIER],
  ["AuthorizationRequest", "providerVersion", "7", VERIFIER],
  ["AuthorizationRequest", "sessionId", `'${OTHER}'`, VERIFIER],
  ["AuthorizationRequest", "redirectUri", `'https://evil.example/'`, VERIFIER],
  ["AuthorizationRequest", "nonce", `'x'`, VERIFIER],
  ["AuthorizationRequest", "expectedUsername", "NULL", VERIFIER],
  ["AuthorizationRequest", "emailAccountId", `'${OTHER}'`, VERIFIER],
  ["AuthorizationRequest", "signInLinkId", `'${OTHER}'`, VERIFIER],
  ["EmailAccount", "service", `'yahoo'`, ["password of a mailbox", "token that is handed out"]],
  ["EmailAccount", "username", `'evil'`, MAILBOX],
  ["EmailAccount", "cloudProviderId", "$OTHER", MAILBOX],
  ...["imap", "smtp", "pop3"].flatMap((protocol) =>
    partsOf(`{${protocol},`).map(([path, value]): Change => {
      return ["EmailAccount", "hosts", `jsonb_set(hosts, '${path}', '${value}')`, MAILBOX];
    }),
  ),
  ["Letter", "recipient", `'evil@contoso.test'`, ["letter with a link"]],
  ["CompanySignIn", "issuer", `'https://evil.example'`, OF_COMPANY],
  ["CompanySignIn", "clientId", `'evil'`, OF_COMPANY],
  ["AlertChannel", "target", `target || '{"user":"evil"}'`, RELAY],
  ...partsOf("{smtp,").map(([path, value]): Change => {
    return ["AlertChannel", "target", `jsonb_set(target, '${path}', '${value}')`, RELAY];
  }),
  ["AlertChannel", "target", json(EVIL_RELAY), ["signing secret", ...RELAY, ...HOOK]],
  ["AlertChannel", "target", `jsonb_set(target, '{origin}', '"https://evil.example"')`, HOOK],
  ["AlertChannel", "target", json({ kind: "webhook", url: "https://hooks.contoso.com/y" }), HOOK],
];

/** Each part of a server's address in a document, and another value for it. */
function partsOf(path: string): [path: string, value: string][] {
  const others = { host: '"evil.example"', port: "25" };
  return Object.entries(others).map(([name, value]) => [`${path}${name}}`, value]);
}

function json(value: object): string {
  return `'${JSON.stringify(value)}'`;
}

/** Columns of the same tables that lead no secret anywhere. A new one belongs here, or into CHANGES. */
const LEAD_NOWHERE: Readonly<Record<string, string>> = {
  CloudProvider: `id name nameKey type accountTypes redirectUri version failureId failedAt createdAt updatedAt
    autoRotate rotateDueAt rotationFailureId rotationFailedAt redirectFailureId`,
  ClientCredential: `id cloudProviderId secretSealed certificate source hint expiresAt version provedAt supersededAt
    keptUntil origin restoredFrom keyId removedAt refusedAt refusedAs createdAt createdByName`,
  Authorization:
    "id cloudProviderId displayName homeAccountId scopes createdAt signedInAt signedInByName",
  AuthorizationRequest: `id stateHash answerHash codeVerifierSealed createdAt expiresAt consumedAt outcome
    deviceCodeSealed userCode verificationUri nextPollAt pollIntervalMs startedByName pendingSealed`,
  EmailAccount: `id name nameKey key keyKey emailAddress emailKey contactListId active modernAuthentication
    usernameKey providerKey mailbox smtpUser passwordSealed formerUsername movedAt description version createdAt updatedAt
    state lastTestedAt imapVerdict smtpVerdict pop3Verdict testFailureId testFailingSince captureReplyTo
    captureAutomatic testSchedule nextTestAt importId sendsBy readsBy`,
  CompanySignIn: `id slug preset name cloud clientSecretSealed pinned roleClaim roleValues defaultRole createsPeople
    requiredAmr sessionHours rechecks endsAtCompany enabled version testedAt testReport createdAt`,
  AlertChannel: `id kind name nameKey enabled sendsLinks linksStoppedAt secretSealed addressSealed version createdAt createdByName
    lastDeliveredAt failingSince failureText`,
  Letter: `id kind tokenHash recipientKey subject textSealed state attempts interruptions dueAt expiresAt leaseUntil
    attemptedAt sentAt result createdAt`,
};

test("every column beside a secret is known to lead it somewhere, or not to", async () => {
  const { rows } = await pool().query<{ column: string }>(
    `SELECT table_name || '.' || column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = ANY($1)`,
    [Object.keys(LEAD_NOWHERE)],
  );
  const known = new Set([
    ...CHANGES.map(([table, column]) => `${table}.${column}`),
    ...Object.entries(LEAD_NOWHERE).flatMap(([table, columns]) =>
      columns.split(/\s+/).map((column) => `${table}.${column}`),
    ),
  ]);
  expect(rows.map(({ column }) => column).filter((column) => !known.has(column))).toEqual([]);
});

describe("whoever changes a row gets no secret sent elsewhere:", () => {
  test.each(CHANGES)("%s.%s = %s", async (...[table, column, value, secrets]) => {
    const { rows: before } = await pool().query<Record<string, string>>(
      `SELECT id::text, to_jsonb(t)->>'${column}' AS value, pg_typeof("${column}")::text AS type
       FROM "${table}" t`,
    );
    for (const secret of secrets) expect(await SECRETS[secret](), secret).toBeTruthy();
    const next = value.replace("$OTHER", `'${other}'`);
    // Of a provider or an application there are others: only the one that is looked at.
    const only = table === "CloudProvider" ? `WHERE id = '${provider}'` : "";
    await pool().query(`UPDATE "${table}" SET "${column}" = ${next} ${only}`);
    try {
      for (const secret of secrets) {
        const opening = Promise.resolve().then(() => SECRETS[secret]());
        await expect(opening, secret).rejects.toSatisfy(isLocked);
      }
    } finally {
      for (const row of before)
        await pool().query(
          `UPDATE "${table}" SET "${column}" = $1::${row.type} WHERE id::text = $2`,
          [row.value, row.id],
        );
    }
    for (const secret of secrets) expect(await SECRETS[secret](), secret).toBeTruthy();
  });

  test("the platform is not asked, and the sign-in says that it is locked", async () => {
    const asked = () => tokenRequests(sandbox(), "refresh_token");
    const before = asked();
    await letExpire(provider);
    const hostsBefore = { authority: "https://evil.example" };
    await db().cloudProvider.update({ where: { id: provider }, data: { hosts: hostsBefore } });
    await refreshDue("keeper");
    expect(asked()).toBe(before);
    const where = { authorization: { cloudProviderId: provider } };
    expect(await db().tokenSet.findFirstOrThrow({ where })).toMatchObject({ state: "locked" });
    await pool().query(`UPDATE "CloudProvider" SET hosts = NULL WHERE id = $1`, [provider]);
    await getAccessToken(program("tokens:read"), modern, "hand_out");
    expect(asked()).toBe(before + 1);
  });
});

/** What opens nothing says so, and nothing else: it is no wrong password and no missing row. */
function isLocked(error: unknown): boolean {
  const { name, code } = error as { name: string; code?: string };
  return name === "SealError" || code === "locked";
}

describe("whoever edits a form enters the secret again:", () => {
  const edit = async ({ password = "", ...changes }: Record<string, unknown>) => {
    const { version } = await db().emailAccount.findUniqueOrThrow({ where: { id: custom } });
    // A new account has a password: the typed one is filled in afterwards.
    const form = accountForm({ ...account, ...changes, password: PASSWORD });
    const input = updateEmailAccountSchema.parse({ ...form, password, id: custom, version });
    return updateEmailAccount(ada, input);
  };
  const at = (protocol: "imap" | "smtp" | "pop3", changes: object) => ({
    hosts: { ...hosts, [protocol]: { ...hosts[protocol], ...changes } },
  });
  const EDITS: [string, Record<string, unknown>][] = (["imap", "smtp", "pop3"] as const).flatMap(
    (protocol) => [
      [`${protocol} host`, at(protocol, { host: "other.contoso.com" })],
      [`${protocol} port`, at(protocol, { port: 143 })],
    ],
  );
  EDITS.push(["service", { service: "yahoo", hosts: null }], ["user name", { username: "other" }]);

  test.each(EDITS)("the %s of an email account", async (_what, changes) => {
    const row = () => db().emailAccount.findUniqueOrThrow({ where: { id: custom } });
    const before = await row();
    await expect(edit(changes)).rejects.toMatchObject({
      fields: {
        password: ["Another server, service or user name needs its own password: enter it again."],
      },
    });
    expect(await row()).toEqual(before);
    await edit({ ...changes, password: "its own" });
    expect(await passwordInUse(custom)).toBe("its own");
    await edit({ password: PASSWORD });
    expect(await passwordInUse(custom)).toBe(PASSWORD);
  });

  test("nothing of an account that leads nowhere", async () => {
    await edit({ name: "Renamed", description: "x", emailAddress: "sales@contoso.test" });
    expect(await passwordInUse(custom)).toBe(PASSWORD);
    await edit(at("imap", { tls: "starttls" }));
    expect(await passwordInUse(custom)).toBe(PASSWORD);
  });

  test.each<[string, object]>([
    ["host", { smtp: { ...smtp, host: "other.contoso.com" } }],
    ["port", { smtp: { ...smtp, port: 465 } }],
    ["user", { user: "other" }],
  ])("the %s of a relay for alerts", async (_what, changes) => {
    const { version } = await db().alertChannel.findUniqueOrThrow({ where: { id: relay } });
    const form = { ...channel, id: relay, version, name: "Relay", kind: "smtp", password: "" };
    const input = updateAlertChannelSchema.parse({ ...form, ...changes });
    await expect(updateAlertChannel(ada, input)).rejects.toMatchObject({
      fields: { password: [expect.stringMatching(/enter it again/)] },
    });
    expect(await channelSecret(relay)).toBe(PASSWORD);
  });
});

describe("the password of an account that was moved", () => {
  /** As saveMove leaves it. */
  async function moved(): Promise<string> {
    const form = accountForm({ modernAuthentication: false, username: "old", password: PASSWORD });
    const { id } = await createEmailAccount(ada, form);
    const switched = { modernAuthentication: true, cloudProviderId: provider, movedAt: new Date() };
    const data = { ...switched, formerUsername: "old", username: "alice@contoso.test" };
    await db().emailAccount.update({ where: { id }, data });
    return id;
  }
  const edit = (id: string, changes: object) =>
    updateEmailAccount(
      ada,
      updateEmailAccountSchema.parse({
        ...accountForm({ cloudProviderId: provider, ...changes }),
        id,
        version: 1,
      }),
    );

  test("opens after the way back, for the name that it was entered for", async () => {
    const id = await moved();
    await edit(id, { name: "Renamed", username: "bob@contoso.test" });
    await undoMove(ada, { emailAccountId: id });
    expect(await passwordInUse(id)).toBe(PASSWORD);
  });

  test("is forgotten with the way back when the account gets another service meanwhile", async () => {
    const id = await moved();
    await edit(id, { service: "outlook_com" });
    expect(await db().emailAccount.findUniqueOrThrow({ where: { id } })).toMatchObject({
      passwordSealed: null,
      formerUsername: null,
      movedAt: null,
    });
    await expect(undoMove(ada, { emailAccountId: id })).rejects.toMatchObject({ code: "conflict" });
  });

  test.each<[string, object]>([
    ["name", { formerUsername: "evil" }],
    ["service", { service: "yahoo" }],
  ])(
    "does not open after the way back when somebody changed its %s in the database",
    async (_what, data) => {
      const id = await moved();
      await db().emailAccount.update({ where: { id }, data });
      await undoMove(ada, { emailAccountId: id });
      await expect(passwordInUse(id)).rejects.toMatchObject({ code: "locked" });
    },
  );
});
