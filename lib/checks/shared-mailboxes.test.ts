import { beforeAll, describe, expect, test } from "vitest";
import { PROTOCOLS } from "@/lib/egress/protocols/schema";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount, updateEmailAccount } from "@/lib/email-accounts/mutations";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import { db } from "@/lib/kernel/db";
import { readNewestMessages } from "@/lib/messages/read";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  ALICE,
  accountForm,
  applicationForm,
  BOB,
  connectedAccount,
  signIn,
} from "@/lib/testing/sign-in";
import { conclude } from "./conclusion";

const sandbox = withInstallation();
const ada = administrator();
const SUPPORT = "support@contoso.test";
const SALES = "sales@contoso.test";
const NOBODY = "nomail@contoso.test";
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  await signIn(ada, { subject: "another", cloudProviderId }, BOB);
});

/** An account of a shared mailbox that a signed-in person opens. */
async function sharedAccount(username: string, changes: Record<string, unknown>): Promise<string> {
  const form = accountForm({ cloudProviderId, username, ...changes });
  return (await createEmailAccount(ada, form)).id;
}

const outcomes = async (id: string) => {
  const { protocols } = await runTest(ada, id);
  return PROTOCOLS.map((protocol) => {
    const { failure, user } = protocols[protocol];
    return failure?.remedyId ?? user;
  });
};

describe("each protocol takes its own name", () => {
  const NO_IMAP = "imap.no_full_access";
  const NO_POP3 = "pop3.no_full_access";
  const NO_SMTP = "smtp.send_as_denied";
  test.each([
    [ALICE, SUPPORT, [SUPPORT, ALICE, SUPPORT]],
    [ALICE, SALES, [SALES, ALICE, SALES]],
    [BOB, SUPPORT, [SUPPORT, NO_SMTP, SUPPORT]],
    [BOB, SALES, [NO_IMAP, NO_SMTP, NO_POP3]],
  ])("%s at %s", async (username, emailAddress, expected) => {
    expect(await outcomes(await sharedAccount(username, { emailAddress }))).toEqual(expected);
  });
});

test("a missing right is named with the command that gives it", async () => {
  const { protocols } = await runTest(ada, await sharedAccount(BOB, { emailAddress: SALES }));
  const commands = PROTOCOLS.map((protocol) => protocols[protocol].remedy?.command?.text);
  const fullAccess = `Add-MailboxPermission -Identity '${SALES}' -User '${BOB}' -AccessRights FullAccess -InheritanceType All`;
  expect(commands).toEqual([
    fullAccess,
    `Add-RecipientPermission -Identity '${SALES}' -Trustee '${BOB}' -AccessRights SendAs`,
    fullAccess,
  ]);
});

describe("the newest messages of a mailbox without the right to it", () => {
  const refused = { code: "conflict", remedyId: "imap.no_full_access" };

  test("are refused as that where the server says goodbye with it, unless it is one's own", async () => {
    const id = await sharedAccount(ALICE, { emailAddress: SUPPORT });
    const own = await sharedAccount(ALICE, { emailAddress: ALICE });
    sandbox().faults.set("reply:imap:open:imap.not_connected");
    await expect(readNewestMessages(ada, id)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("User is authenticated but not connected."),
    });
    const remedyId = "imap.not_connected";
    await expect(readNewestMessages(ada, own)).rejects.toMatchObject({ remedyId });
  });
});

describe("a protocol that is off while the other opens the mailbox is not a missing right", () => {
  test.each([
    ["authenticated_not_connected", "imap", "-ImapEnabled"],
    ["pop_disabled", "pop3", "-PopEnabled"],
  ] as const)("%s", async (fault, protocol, option) => {
    const id = await sharedAccount(ALICE, { emailAddress: SUPPORT });
    sandbox().faults.set(fault);
    const { failure, remedy } = (await runTest(ada, id)).protocols[protocol];
    expect(failure?.remedyId).toBe(`${protocol}.switched_off`);
    expect(remedy?.command?.text).toBe(`Set-CASMailbox -Identity '${SUPPORT}' ${option} $true`);
  });
});

describe("whose name SMTP takes is found out", () => {
  let id: string;
  const smtpUser = async () =>
    (await db().emailAccount.findUniqueOrThrow({ where: { id } })).smtpUser;
  const smtpLogins = () => sandbox().requests().counts["smtp login"] ?? 0;

  test("and remembered", async () => {
    id = await sharedAccount(ALICE, { emailAddress: SUPPORT });
    await outcomes(id);
    expect(await smtpUser()).toBe("login");
  });

  test("the other one is tried on a new connection when the first is refused, and is first then", async () => {
    await db().emailAccount.update({ where: { id }, data: { smtpUser: "mailbox" } });
    const before = smtpLogins();
    const { protocols } = await runTest(ada, id);
    expect(protocols.smtp).toMatchObject({ verdict: "ok", user: ALICE });
    expect(protocols.smtp.stages.map(({ stage }) => stage)).toEqual([
      ...["resolve", "connect", "greeting", "tls", "token", "authenticate", "sender"],
    ]);
    expect(protocols.smtp.transcript?.map(({ text }) => text)).toContain(
      `A second connection, to sign in as ${ALICE}`,
    );
    expect(smtpLogins() - before).toBe(2);
    expect(await smtpUser()).toBe("login");
    await runTest(ada, id);
    expect(smtpLogins() - before).toBe(3);
  });

  test("anew when the account is edited", async () => {
    const account = await findEmailAccount(ada, id);
    const { version = 0 } = account ?? {};
    const form = accountForm({ cloudProviderId, username: ALICE, emailAddress: SUPPORT });
    const edit = { ...form, mailbox: SALES, key: account?.key ?? "" };
    await updateEmailAccount(ada, updateEmailAccountSchema.parse({ ...edit, id, version }));
    expect(await smtpUser()).toBeNull();
    expect((await findEmailAccount(ada, id))?.mailbox).toBe(SALES);
  });
});

test("a person without a mailbox is told that of every protocol, as IMAP says it", async () => {
  await signIn(ada, { subject: "another", cloudProviderId }, NOBODY);
  const id = await sharedAccount(NOBODY, { emailAddress: NOBODY });
  const { protocols } = await runTest(ada, id);
  const { text, steps } = conclude(Object.values(protocols));
  expect(text).toBe(
    "The sign-in succeeded, but it does not open this mailbox over IMAP. SMTP and POP3 do not work either, for the same reason.",
  );
  expect(steps.map(({ remedyId }) => remedyId)).toEqual(["imap.not_connected"]);
  for (const { remedy } of Object.values(protocols)) {
    expect(remedy?.cause).toMatch(/no mailbox here, or no licence/);
    expect(remedy?.command?.text).toContain(`Get-Recipient -Identity '${NOBODY}'`);
  }
});

describe("an application that signs in by itself", () => {
  let appProviderId: string;
  const accountOf = async (emailAddress: string) => {
    const form = accountForm({ cloudProviderId: appProviderId, emailAddress });
    return (await createEmailAccount(ada, { ...form, username: emailAddress })).id;
  };

  beforeAll(async () => {
    ({ id: appProviderId } = await createCloudProvider(ada, applicationForm(sandbox())));
    await connectApplication(ada, { cloudProviderId: appProviderId });
  });

  test("uses the mailbox as the name everywhere", async () => {
    const id = await accountOf(SUPPORT);
    expect(await outcomes(id)).toEqual([SUPPORT, SUPPORT, SUPPORT]);
    const { users } = await getAccessToken(ada, id, "hand_out");
    expect(users).toEqual({ imap: SUPPORT, smtp: SUPPORT, pop3: SUPPORT });
  });

  test("and was not granted the mailbox is told one cause, and the commands that grant it", async () => {
    const { protocols } = await runTest(ada, await accountOf(NOBODY));
    const { text, steps } = conclude(Object.values(protocols));
    expect(text).toBe("The application may not open this mailbox.");
    expect(steps.map(({ remedyId }) => remedyId)).toEqual(["mail.app_not_granted"]);
    const where = { cloudProviderId: appProviderId };
    const { objectId } = await db().authorization.findFirstOrThrow({ where });
    const { clientId } = sandbox().serviceRegistration;
    expect(steps[0]?.command?.text).toBe(
      `New-ServicePrincipal -AppId '${clientId}' -ObjectId '${objectId}' -DisplayName Postkey; Add-MailboxPermission -Identity '${NOBODY}' -User '${objectId}' -AccessRights FullAccess`,
    );
    for (const { remedy } of Object.values(protocols))
      expect([remedy?.cause, ...(remedy?.steps ?? [])].join(" ")).not.toMatch(
        /person|signed in|SMTP\.Send\b|again again/,
      );
  });

  test("and reads the mailbox has the right to it where sending is refused", async () => {
    const id = await accountOf(SUPPORT);
    sandbox().faults.set("reply:smtp:authenticate:smtp.auth_unsuccessful");
    const { failure, remedy } = (await runTest(ada, id)).protocols.smtp;
    expect(failure?.remedyId).toBe("smtp.auth_unsuccessful");
    expect(remedy?.steps).toEqual([
      "Switch SMTP AUTH on for the mailbox with the command below, and allow it an hour.",
      "Check that the permission to send over SMTP is granted, and press Connect again.",
    ]);
  });
});
