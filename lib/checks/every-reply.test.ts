import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SERVER_REPLIES, type ServerReply } from "@/e2e/sandbox/mail/server-replies";
import { openCredentials } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { MAIL_FAILURES } from "@/lib/mail/mail-failures";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { sendMail } from "@/lib/mail/send";
import { TOKEN_REMEDY_IDS } from "@/lib/mail/token-refusal";
import { findRemedy } from "@/lib/remedies/catalogue";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { enterPassword } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount } from "@/lib/testing/sign-in";
import type { Protocol } from "./schema";

/**
 * Every refusal that a mail server is known to give, given by the sandbox word for word, and reported by
 * a connection test: the stage in which it happened names the entry of the catalogue, filled in.
 */
const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;
let passwordAccountId: string;
const reproduced = new Set<string>();

beforeAll(async () => {
  const connected = await connectedAccount(ada, sandbox());
  emailAccountId = connected.emailAccountId;
  const form = accountForm({ modernAuthentication: false, password: "not-asked-for" });
  passwordAccountId = (await createEmailAccount(ada, form)).id;
  const { cloudProviderId } = connected;
  await db().emailAccount.update({ where: { id: passwordAccountId }, data: { cloudProviderId } });
  await enterPassword(passwordAccountId, "not-asked-for");
});

const OF_PASSWORDS = /^(?:password\.|imap\.basic_auth_off|imap\.login_disabled)/;
const STAGES = {
  greeting: "greeting",
  authenticate: "authenticate",
  open: "mailbox",
  sender: "sender",
} as const;

const remedyOf = ({ id }: ServerReply) => id.split(":")[3] ?? "";
/** Some mean a switch here, where the other of IMAP and POP3 opens the mailbox. */
const OF_ACCESS =
  /^(?:imap|pop3)\.(?:authenticate_failed|authentication_failure|not_authorised|not_connected)/;
const toldOf = (reply: ServerReply) =>
  remedyOf(reply).replace(OF_ACCESS, `${reply.place}.switched_off`);
const inTests = SERVER_REPLIES.filter(({ at }) => at !== "data");
const inMessages = SERVER_REPLIES.filter(({ at }) => at === "data");

describe("said to a connection test", () => {
  test.each(inTests.map((reply) => [reply.id, reply] as const))("%s", async (_id, reply) => {
    const { id, place, at, turns } = reply;
    const remedyId = toldOf(reply);
    sandbox().faults.set(id);
    const accountId = OF_PASSWORDS.test(remedyId) ? passwordAccountId : emailAccountId;
    const { protocols } = await runTest(ada, accountId);
    const { failure, stages, remedy } = protocols[place];
    expect(failure?.remedyId).toBe(remedyId);
    const failed = stages.find(({ status }) => status === "failed");
    expect(failed).toMatchObject({ stage: at === "data" ? "" : STAGES[at], failure: { remedyId } });
    expectFilledIn(remedy?.command?.text, remedyId);
    if (at !== "greeting") expect(turns.map(plain)).toContain(plain(failure?.serverText));
    for (const other of ["imap", "smtp", "pop3"] as const)
      if (other !== place && accountId === emailAccountId)
        expect(protocols[other].verdict).toBe("ok");
    reproduced.add(id);
  });
});

/** The words without IMAP's tag and codes in brackets, and of them enough to know them again. */
function plain(text = ""): string {
  return text
    .replace(/^\S+ (?=NO|BAD)/, "")
    .replaceAll(/\[[^\]]*\] /g, "")
    .slice(0, 40);
}

function expectFilledIn(text: string | undefined, remedyId: string): void {
  const template = findRemedy(remedyId).command?.text ?? "";
  expect(text ?? "").not.toMatch(/[{}<>]/);
  if (template.includes("{mailbox}")) expect(text).toContain(ALICE);
  if (template.includes("{clientId}")) expect(text).toContain(sandbox().registration.clientId);
  if (template.includes("{host}")) expect(text).toContain("localhost");
}

describe("said after a message was handed over", () => {
  test.each(inMessages.map((reply) => [reply.id, reply] as const))("%s", async (_id, reply) => {
    sandbox().faults.set(reply.id);
    const account = await findMailboxAccount(ada, emailAccountId);
    const sent = sendMail({
      endpoint: sandbox().cloud.mail.smtp,
      credential: (await openCredentials(ada, account, "test")).smtp,
      from: ALICE,
      to: [ALICE],
      subject: "Test",
      text: "Test",
      messageId: "<1@test>",
      isAutomatic: true,
    });
    const thrown: unknown = await sent.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProbeFailure);
    expect(thrown).toMatchObject({ failure: { remedyId: remedyOf(reply) } });
    reproduced.add(reply.id);
  });
});

/** Faults of the sandbox that are no reply: missing parts, and broken ones. */
const FAULTS: readonly [string, Protocol, string][] = [
  ["no_xoauth2", "imap", "mail.no_xoauth2"],
  ["no_xoauth2", "smtp", "mail.no_xoauth2"],
  ["no_xoauth2", "pop3", "mail.no_xoauth2"],
  ["no_starttls", "smtp", "tls.starttls_missing"],
  ["certificate_wrong_name", "imap", "tls.wrong_name"],
  ["certificate_wrong_name", "smtp", "tls.wrong_name"],
  ["certificate_wrong_name", "pop3", "tls.wrong_name"],
  ["greeting_flood", "imap", "mail.flood"],
];

test.each(FAULTS)("%s fails %s as %s", async (fault, protocol, remedyId) => {
  sandbox().faults.set(fault);
  const { protocols } = await runTest(ada, emailAccountId);
  expect(protocols[protocol].failure?.remedyId).toBe(remedyId);
  expectFilledIn(protocols[protocol].remedy?.command?.text, remedyId);
});

/** What no server says, and where it is reproduced instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "dns.not_found": "lib/mail/mail-errors.test.ts",
  "dns.temporary": "lib/mail/mail-errors.test.ts",
  "dns.timeout": "lib/mail/mail-errors.test.ts",
  "egress.port_refused": "lib/mail/mail-errors.test.ts",
  "egress.private_address": "lib/checks/password.test.ts",
  "tcp.refused": "lib/mail/mail-errors.test.ts",
  "tcp.timeout": "lib/mail/mail-errors.test.ts",
  "tcp.unreachable": "lib/mail/mail-errors.test.ts",
  "tls.expired": "lib/mail/mail-errors.test.ts",
  "tls.handshake_failed": "lib/mail/mail-errors.test.ts",
  "tls.interrupted": "lib/mail/hostile.test.ts",
  "tls.not_spoken": "e2e/servers/mail-servers.test.ts",
  "tls.not_yet_valid": "lib/mail/mail-errors.test.ts",
  "tls.starttls_injection": "lib/mail/hostile.test.ts",
  "tls.timeout": "lib/mail/hostile.test.ts",
  "tls.too_old": "lib/mail/mail-errors.test.ts",
  "tls.untrusted_issuer": "e2e/servers/mail-servers.test.ts",
  "mail.connection_lost": "lib/mail/hostile.test.ts",
  "mail.deadline": "lib/mail/hostile.test.ts",
  "mail.invalid_credential": "e2e/servers/mail-servers.test.ts",
  "mail.no_greeting": "lib/mail/hostile.test.ts",
  "token.missing_scope_imap": "lib/mail/token-refusal.test.ts",
  "token.missing_scope_pop": "lib/mail/token-refusal.test.ts",
  "token.missing_scope_smtp": "lib/checks/run.test.ts",
  "token.missing_role_imap": "lib/mail/token-refusal.test.ts",
  "token.missing_role_pop": "lib/mail/token-refusal.test.ts",
  "token.missing_role_smtp": "lib/checks/token-faults.test.ts",
  "token.not_yet_valid": "lib/checks/token-faults.test.ts",
  "token.other_app": "lib/checks/token-faults.test.ts",
  "token.guest": "lib/checks/token-faults.test.ts",
  "token.unreadable": "lib/checks/token-faults.test.ts",
  "token.other_user": "lib/checks/run.test.ts",
  "token.wrong_audience": "lib/checks/run.test.ts",
  "postkey.aborted": "lib/mail/hostile.test.ts",
  "imap.no_full_access": "lib/checks/shared-mailboxes.test.ts",
  "imap.switched_off": "lib/checks/shared-mailboxes.test.ts",
  "pop3.switched_off": "lib/checks/shared-mailboxes.test.ts",
  "pop3.no_full_access": "lib/checks/shared-mailboxes.test.ts",
  "postkey.unexpected": "lib/mail/mail-errors.test.ts",
};

test.each(Object.entries(ELSEWHERE))("%s is reproduced in %s", (remedyId, path) => {
  expect(readFileSync(path, "utf8")).toContain(`"${remedyId}"`);
});

test("nothing that a connection test can name is left out", () => {
  const shown = new Set([
    ...SERVER_REPLIES.map(remedyOf),
    ...FAULTS.map(([, , remedyId]) => remedyId),
    ...Object.keys(ELSEWHERE),
  ]);
  const named = [...Object.keys(MAIL_FAILURES), ...TOKEN_REMEDY_IDS];
  expect(named.filter((remedyId) => !shown.has(remedyId))).toEqual([]);
});

afterAll(() => {
  expect(SERVER_REPLIES.filter(({ id }) => !reproduced.has(id)).map(({ id }) => id)).toEqual([]);
});
