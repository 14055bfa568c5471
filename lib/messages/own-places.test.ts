import { beforeAll, beforeEach, expect, test } from "vitest";
import { testConnection } from "@/lib/checks/run";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { mailThrough } from "@/lib/watch/alerts/channels/mail";
import { sendTestMessage } from "./send";

/** What Postkey itself does at the server of a mailbox counts as what its devices do. */
const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
});
beforeEach(() => db().mailboxPace.deleteMany());

const turns = async () => (await db().mailboxPace.findFirst())?.sentAt.length;
const placesOf = (protocol: string) => db().mailboxPlace.count({ where: { protocol } });

test("a connection test has a place of SMTP while it lasts", async () => {
  sandbox().faults.set("mail_hang");
  const stop = new AbortController();
  const account = await findMailboxAccount(ada, emailAccountId, "accounts:test");
  const testing = testConnection(ada, account, { signal: stop.signal });
  await expect.poll(() => placesOf("smtp")).toBe(1);
  stop.abort();
  await testing;
  await expect.poll(() => placesOf("smtp")).toBe(0);
  expect(await turns()).toBeUndefined();
  sandbox().faults.clear("mail_hang");
});

test("a test message takes a turn of the mailbox, and so does an alert", async () => {
  await sendTestMessage(ada, { emailAccountId, to: ALICE });
  expect(await turns()).toBe(1);
  const target = { kind: "email_account" as const, emailAccountId, recipients: [ALICE] };
  const channel = { alertChannelId: emailAccountId, target, secretSealed: null };
  await mailThrough(ada, channel, {
    id: "1",
    to: [ALICE, ALICE],
    subject: "Alert",
    text: "It is.",
  });
  expect(await turns()).toBe(2);
  expect(await db().mailboxRecipients.findMany()).toMatchObject([{ recipients: 3 }]);
  await expect.poll(() => placesOf("smtp")).toBe(0);
});
