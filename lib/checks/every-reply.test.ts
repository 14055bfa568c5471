import { beforeAll, describe, expect, test } from "vitest";
import { SERVER_REPLIES, type ServerReply } from "@/e2e/sandbox/mail/server-replies";
import { openCredentials } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { sendMail } from "@/lib/mail/send";
import { findRemedy } from "@/lib/remedies/catalogue";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { enterPassword } from "@/lib/testing/credentials";
import { isLong } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, withAccount } from "@/lib/testing/sign-in";

/**
 * Refusals that mail servers are known to give, given by the sandbox word for word, and reported by
 * a connection test: the stage in which it happened names the entry of the catalogue, filled in.
 */
const sandbox = withInstallation();
const ada = administrator();
const account = withAccount(ada, sandbox);
let passwordAccountId: string;

beforeAll(async () => {
  const { cloudProviderId } = account;
  const form = accountForm({ modernAuthentication: false, password: "not-asked-for" });
  passwordAccountId = (await createEmailAccount(ada, form)).id;
  await db().emailAccount.update({ where: { id: passwordAccountId }, data: { cloudProviderId } });
  await enterPassword(passwordAccountId, "not-asked-for");
});

const OF_PASSWORDS = /^(?:password\.|(?:imap|smtp)\.basic_auth|imap\.login_disabled)/;
const stageOf = ({ at }: ServerReply) => (at === "open" ? "mailbox" : at);

const remedyOf = ({ id }: ServerReply) => id.split(":")[3] ?? "";
/** Some mean a switch here, where the other of IMAP and POP3 opens the mailbox. */
const OF_ACCESS =
  /^(?:imap|pop3)\.(?:authenticate_failed|authentication_failure|not_authorised|not_connected)/;
const toldOf = (reply: ServerReply) =>
  remedyOf(reply).replace(OF_ACCESS, `${reply.place}.switched_off`);
/** Of each some, and in the long run all. */
const some = (_reply: ServerReply, nth: number) => isLong || nth % 5 === 0;
const inTests = SERVER_REPLIES.filter(({ at }) => at !== "data").filter(some);
const inMessages = SERVER_REPLIES.filter(({ at }) => at === "data").filter(some);

describe("said to a connection test", () => {
  test.each(inTests.map((reply) => [reply.id, reply] as const))("%s", async (_id, reply) => {
    const { place, at, turns } = reply;
    const remedyId = toldOf(reply);
    sandbox().faults.set(reply.id);
    const accountId = OF_PASSWORDS.test(remedyId) ? passwordAccountId : account.emailAccountId;
    const { protocols } = await runTest(ada, accountId);
    const { failure, stages, remedy } = protocols[place];
    expect(failure?.remedyId).toBe(remedyId);
    const failed = stages.find(({ status }) => status === "failed");
    expect(failed).toMatchObject({ stage: stageOf(reply), failure: { remedyId } });
    expectFilledIn(remedy?.command?.text, remedyId);
    if (at !== "greeting") expect(turns.map(plain)).toContain(plain(failure?.serverText));
    for (const other of ["imap", "smtp", "pop3"] as const)
      if (other !== place && accountId === account.emailAccountId)
        expect(protocols[other].verdict).toBe("ok");
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
    const found = await findMailboxAccount(ada, account.emailAccountId);
    const { smtp: credential } = await openCredentials(ada, found, "test");
    const message = { from: ALICE, to: [ALICE], subject: "Test", text: "Test", isAutomatic: true };
    const at = { endpoint: sandbox().cloud.mail.smtp, credential, messageId: "<1@test>" };
    const sent = sendMail({ ...message, ...at });
    const thrown: unknown = await sent.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProbeFailure);
    expect(thrown).toMatchObject({ failure: { remedyId: remedyOf(reply) } });
  });
});
