import { beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, applicationForm } from "@/lib/testing/sign-in";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { lookAtDueMailbox, setClosedMailbox } from "./mutations";
import { findClosedMailbox } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const own = { emailAddress: "support@contoso.test", username: "support@contoso.test" };
const closed = "bob@contoso.test";
let cloudProviderId: string;

beforeAll(async () => {
  ({ id: cloudProviderId } = await createCloudProvider(ada, applicationForm(sandbox())));
  await connectApplication(ada, { cloudProviderId });
  await createEmailAccount(ada, accountForm({ cloudProviderId, ...own }));
});

const set = (emailAddress: string) => setClosedMailbox(ada, { cloudProviderId, emailAddress });
const look = () => lookAtDueMailbox(ada, new AbortController().signal);
const incidents = async () => {
  await watchIncidents({ enqueue: async () => {} });
  return (await listOpenIncidents(ada)).rows.map(({ remedyId }) => remedyId);
};

test("a mailbox is closed where every way is refused, while its own opens, by a role that no token says too", async () => {
  sandbox().faults.set("role_in_exchange");
  expect(await connectApplication(ada, { cloudProviderId })).toEqual({ missing: [] });
  const reason = "All refused it, while IMAP, SMTP, POP3 opened Support.";
  expect(await set(closed)).toEqual({ result: "closed", reason });
  expect(await incidents()).toEqual([]);
});

test("one that opens, by a grant beside the scope, is an incident until it is closed again", async () => {
  sandbox().faults.set("entra_opens_all");
  await db().closedMailbox.updateMany({ data: { dueAt: new Date(0) } });
  expect(await look()).toEqual({
    result: "open",
    reason: expect.stringMatching(/IMAP, .*POP3, reading .*, sending through Microsoft Graph/),
  });
  expect(await incidents()).toEqual(["postkey.closed_mailbox_open"]);
  expect(await look()).toBeNull();
  sandbox().faults.clearAll();
  expect(await set(closed)).toMatchObject({ result: "closed" });
});

test.each([
  ["Microsoft Graph asks to wait", "throttled", closed],
  ["no server answers", "mail_drop", closed],
  ["there is no such mailbox", undefined, "nobody@contoso.test"],
])("nothing is proved where %s", async (_, fault, emailAddress) => {
  if (fault) sandbox().faults.set(fault, fault === "throttled" ? { at: "graph" } : {});
  expect(await set(emailAddress)).toMatchObject({ result: "unproved" });
  sandbox().faults.clearAll();
});

test("a mailbox of its accounts can't be named, and an empty address ends it", async () => {
  await expect(set(own.emailAddress)).rejects.toMatchObject({ code: "unprocessable" });
  expect(await set("")).toBeNull();
  expect(await findClosedMailbox(ada, cloudProviderId)).toBeNull();
});

test("nothing is proved while its own mailbox is refused as well", async () => {
  const dave = { emailAddress: "dave@contoso.test", username: "dave@contoso.test" };
  await db().emailAccount.updateMany({ data: dave });
  expect(await set(closed)).toMatchObject({ result: "unproved" });
});
