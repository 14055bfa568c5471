import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { createEmailAccount, deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { db, pool } from "@/lib/kernel/db";
import { hasOwnHosts, mailService, SERVICES } from "@/lib/mail/services/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import { accountForm, hostsAt } from "@/lib/testing/sign-in";
import { findDeviceByPrefix, findStanding } from "../store";
import { countOwnMail, inPlace } from "./own";
import { givePlacesBack, renewLease, takePlace } from "./store";

/** Accounts that open one mailbox share what its server allows. */
withDatabase();
const ada = administrator();

const OUTLOOK = { service: "outlook365", modernAuthentication: false, password: "p" };
const customAt = (host: string, hosts: object = hostsAt(host)) => ({
  ...OUTLOOK,
  service: "custom",
  hosts,
});
const popAt = (host: string) => customAt(host, { pop3: hostsAt(host).pop3 });
const AT_CONTOSO = customAt("mail.contoso.com");

beforeEach(() => db().emailAccount.deleteMany());

async function accountOf(changes: Record<string, unknown>): Promise<string> {
  return (await createEmailAccount(ada, accountForm(changes))).id;
}

const placeOf = (mailbox: string) =>
  ({ mailboxId: mailbox, protocol: "smtp", claim: randomUUID() }) as const;

const mailboxOf = async (emailAccountId: string) =>
  (await findMailboxAccount(ada, emailAccountId)).mailboxId;

describe("two accounts are of one mailbox", () => {
  test.each([
    ["with the same user name at the same server", AT_CONTOSO, AT_CONTOSO],
    ["in another case", AT_CONTOSO, { ...AT_CONTOSO, username: "ALICE@Contoso.test" }],
    ["at the same service", OUTLOOK, { ...OUTLOOK, username: "Alice@contoso.test" }],
  ])("%s", async (_what, first, second) => {
    const one = await accountOf(first);
    const other = await accountOf(second);
    expect(await mailboxOf(other)).toBe(one);
    expect(await mailboxOf(one)).toBe(one);
  });

  test.each([
    ["at another server", AT_CONTOSO, customAt("mail.fabrikam.com")],
    ["at another server that has POP3 alone", popAt("pop.contoso.com"), popAt("pop.fabrikam.com")],
    ["under another name", AT_CONTOSO, { ...AT_CONTOSO, username: "bob@contoso.test" }],
    ["at another service", AT_CONTOSO, OUTLOOK],
  ])("and not %s", async (_what, first, second) => {
    await accountOf(first);
    const other = await accountOf(second);
    expect(await mailboxOf(other)).toBe(other);
  });

  test("of a shared mailbox, which is opened by its address or name, where the service has such", async () => {
    const other = "'outlook365', TRUE, 'bob', 'shared@a.test', NULL, NULL";
    const { rows } = await pool().query<{ is: boolean }>(
      `SELECT postkey_mailbox(service, TRUE, 'ada', address, name, NULL) = postkey_mailbox(${other}) AS is
        FROM (VALUES ('outlook365', 'shared@a.test', NULL), ('outlook365', 'ada@a.test', 'Shared@A.test'),
          ('outlook_com', 'shared@a.test', NULL)) AS account (service, address, name)`,
    );
    expect(rows.map(({ is }) => is)).toEqual([true, true, false]);
  });

  test("as the services say: their SQL names the same services", () => {
    const shared = SERVICES.filter((service) => mailService(service).hasSharedMailboxes);
    expect([shared, SERVICES.filter(hasOwnHosts)]).toEqual([["outlook365"], ["custom"]]);
  });
});

describe("the devices of two accounts of one mailbox", () => {
  async function devices() {
    const accounts = [await accountOf(AT_CONTOSO), await accountOf(AT_CONTOSO)];
    return Promise.all(
      accounts.map(async (emailAccountId) => {
        const input = { name: "Scanner", emailAccountId, protocols: ["smtp" as const] };
        const { password } = await createDevice(ada, input);
        const found = await findDeviceByPrefix(password.slice(0, 6));
        if (!found) throw new Error("The device is not found.");
        return found;
      }),
    );
  }

  test("share its places", async () => {
    const gatewayId = randomUUID();
    await renewLease(gatewayId);
    const taken = [];
    for (const { mailboxId: mailbox } of [...(await devices()), ...(await devices())].slice(0, 2))
      for (let count = 0; count < 3; count += 1)
        taken.push(await takePlace(placeOf(mailbox), { most: 3, gatewayId }));
    expect(taken.filter(Boolean)).toHaveLength(3);
  });

  test("are signed in anew when the account goes under which their mailbox was counted", async () => {
    const [one, other] = await devices();
    if (!one || !other) throw new Error("There are two.");
    await deleteEmailAccount(ada, { id: one.emailAccountId });
    const standing = (await findStanding([other.id])).get(other.id);
    expect(standing?.signsInAs).not.toBe(other.signsInAs);
    expect(await mailboxOf(other.emailAccountId)).toBe(other.emailAccountId);
  });
});

describe("Postkey's own connections", () => {
  const held = () => db().mailboxPlace.count();
  const mailboxLike = async (changes: Record<string, unknown>) =>
    findMailboxAccount(ada, await accountOf(changes));

  test("have one of the places while they last", async () => {
    const mailbox = await mailboxLike(AT_CONTOSO);
    expect(await inPlace(mailbox, "smtp", held)).toBe(1);
    await expect.poll(held).toBe(0);
    const failing = inPlace(mailbox, "smtp", async () => {
      throw new Error("Refused.");
    });
    await expect(failing).rejects.toThrow("Refused.");
    await expect.poll(held).toBe(0);
  });

  test("wait for one as devices do, and ask those that are idle for theirs", async () => {
    const mailbox = await mailboxLike(OUTLOOK);
    const gatewayId = randomUUID();
    await renewLease(gatewayId);
    const taken = [1, 2, 3].map(() => placeOf(mailbox.id));
    for (const place of taken) expect(await takePlace(place, { most: 3, gatewayId })).toBe(true);
    const soon = inPlace(mailbox, "smtp", held);
    const wanted = () => db().mailboxPlace.count({ where: { wanted: true } });
    await expect.poll(wanted).toBe(3);
    await givePlacesBack(taken.slice(0, 1), gatewayId);
    expect(await soon).toBe(3);
  });

  test("count what they send, where the service has a limit", async () => {
    await countOwnMail(await mailboxLike(OUTLOOK), 3);
    expect((await db().mailboxPace.findFirstOrThrow()).sentAt).toHaveLength(1);
    expect(await db().mailboxRecipients.findMany()).toMatchObject([{ recipients: 3 }]);
  });
});
