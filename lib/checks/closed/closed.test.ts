import { beforeAll, expect, test } from "vitest";
import { createEmailAccount, deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { administrator } from "@/lib/testing/actors";
import { reportsOf } from "@/lib/testing/reports";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, applicationForm } from "@/lib/testing/sign-in";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { conclude } from "./conclude";
import { lookAtClosedMailbox, lookAtDueMailbox, setClosedMailbox } from "./mutations";
import { findClosedMailbox } from "./queries";
import { claimLook, saveFinding } from "./store";

const sandbox = withInstallation();
const ada = administrator();
const closed = "bob@contoso.test";
let cloudProviderId: string;

const add = (username: string) =>
  createEmailAccount(ada, accountForm({ cloudProviderId, emailAddress: username, username }));

beforeAll(async () => {
  ({ id: cloudProviderId } = await createCloudProvider(ada, applicationForm(sandbox())));
  await connectApplication(ada, { cloudProviderId });
  await add("support@contoso.test");
});

const set = (emailAddress: string) => setClosedMailbox(ada, { cloudProviderId, emailAddress });
const look = () => lookAtDueMailbox(ada, new AbortController().signal);
const incidents = async () => {
  await watchIncidents({ enqueue: async () => {} });
  return (await listOpenIncidents(ada)).rows.map((row) => row.announcedAt && row.remedyId);
};

const ask = (path: string, fields: string[][]) =>
  fetch(new URL(path, sandbox().controlUrl), {
    method: "POST",
    body: new URLSearchParams(fields),
  });

/** In Entra, and nothing else. Tokens of before are dropped. */
async function grant(...permissions: string[]) {
  const path = `/registrations/${sandbox().serviceRegistration.clientId}/permissions`;
  await ask(
    path,
    permissions.map((name) => ["granted", name]),
  );
  return connectApplication(ada, { cloudProviderId });
}

/** By roles in Exchange, as the provider's page prints it. */
async function limit(...roles: string[]) {
  const app = sandbox().serviceRegistration.clientId;
  const script = [
    "New-ManagementScope -Name P -RecipientRestrictionFilter 'PrimarySmtpAddress -eq ''support@contoso.test'''",
    ...roles.map(
      (role) =>
        `New-ManagementRoleAssignment -App ${app} -Role 'Application ${role}' -CustomResourceScope P`,
    ),
  ];
  const ran = await (await ask("/exchange", [["script", script.join("\n")]])).json();
  expect(ran).toEqual(script.map(() => expect.objectContaining({ isRefused: false })));
}

test("a mailbox is closed where each way that opens the own one is refused, by a role in no token too", async () => {
  await limit("SMTP.SendAsApp", "Mail.Send", "Mail.ReadBasic");
  expect(await grant("IMAP.AccessAsApp", "POP.AccessAsApp")).toEqual({ missing: [] });
  const reason = /^Refused by IMAP, SMTP, POP3, reading .*, sending .*, which opened Support/;
  const found = { result: "closed", reason: expect.stringMatching(reason) };
  expect(await set(closed)).toEqual(found);
  expect(await incidents()).toEqual([]);
});

test("one that opens, by a grant beside the scope, is an incident until it is proved closed", async () => {
  await grant("IMAP.AccessAsApp", "POP.AccessAsApp", "Mail.ReadBasic");
  await db().closedMailbox.updateMany({ data: { dueAt: new Date(0) } });
  expect(await look()).toMatchObject({ result: "open" });
  expect(await incidents()).toEqual(["postkey.closed_mailbox_open"]);
  expect(await look()).toBeNull();
  sandbox().faults.set("mail_drop");
  sandbox().faults.set("throttled", { at: "graph" });
  expect(await lookAtClosedMailbox(ada, { cloudProviderId })).toMatchObject({ result: "unproved" });
  expect(await findClosedMailbox(ada, cloudProviderId)).toMatchObject({ result: "open" });
  sandbox().faults.clearAll();
  await grant("IMAP.AccessAsApp", "POP.AccessAsApp");
  const overtaken = await claimLook(cloudProviderId);
  expect(await set(closed)).toMatchObject({ result: "closed" });
  if (overtaken) await saveFinding(overtaken, { result: "open", reason: "" });
  expect(await findClosedMailbox(ada, cloudProviderId)).toMatchObject({ result: "closed" });
});

test("a mailbox of an account is none, before and after, and an empty address ends it", async () => {
  await expect(set("Support@contoso.test")).rejects.toMatchObject({ code: "unprocessable" });
  expect(await set("nobody@contoso.test")).toMatchObject({ result: "unproved" });
  await set("sales@contoso.test");
  const { id } = await add("sales@contoso.test");
  const own = { result: "unproved", reason: "The account Support opens this mailbox." };
  expect(await lookAtClosedMailbox(ada, { cloudProviderId })).toEqual(own);
  await deleteEmailAccount(ada, { id });
  expect(await set("")).toBeNull();
  expect(await findClosedMailbox(ada, cloudProviderId)).toBeNull();
});

const NO = "mail.app_not_granted";
const ALL = "imap=ok smtp=ok pop3=ok imap+=ok smtp+=ok";
test.each([
  ["closed", ALL, `imap=authenticate:${NO} imap+=authenticate:graph.read_denied`],
  ["closed", ALL, `imap=mailbox:${NO} smtp=authenticate:smtp.auth_disabled_mailbox`],
  ["closed", "imap=ok", `imap=authenticate:${NO} smtp+=authenticate:graph.busy`],
  ["open", "imap=ok", "imap+=ok"],
  ["open for all", "imap=ok", "smtp+=ok"],
  ["unproved", "imap=ok smtp+=ok", `imap=authenticate:${NO} smtp+=ok`],
  ["unproved", "imap+=ok", `imap=authenticate:${NO}`],
  ["unproved", "imap=authenticate:mail.app_not_granted", `imap=authenticate:${NO}`],
  [
    "unproved",
    ALL,
    "imap=authenticate:imap.switched_off smtp=authenticate:smtp.auth_disabled_mailbox",
  ],
  ["unproved", ALL, `imap=authenticate:${NO} pop3=mailbox:pop3.mailbox_refused`],
  ["unproved", ALL, `imap=authenticate:${NO} smtp=sender:smtp.sender_refused`],
  ["unproved", ALL, `imap=authenticate:${NO} imap+=authenticate:graph.busy`],
  ["unproved", "imap=ok", `imap=authenticate:${NO} imap+=authenticate:graph.read_denied(404)`],
])("it is %s where the own mailbox says %s, and this one %s", (expected, own, looked) => {
  const [result, isForAll] = expected.split(" for ");
  const of = { own: reportsOf(own), closed: reportsOf(looked), sendsForAll: isForAll === "all" };
  expect(conclude({ name: "Support", ...of })).toMatchObject({ result });
});
